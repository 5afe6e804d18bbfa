/**
 * How long a forward pass takes: dense, with sparse kernels where they win, and rebuilt without dead heads and neurons.
 * It runs on copies, in recordings and buffers of its own, so that a run goes on as if it had not been measured.
 */
import { foldedModelOf } from '../../config/modelOf'
import type { CompactModel } from '../../core/compact'
import type { CompactCost, ForwardCost, Latency, Work } from '../../core/inference'
import type { Placed } from '../../core/layout'
import type { Nn } from '../../core/model'
import type { Batch } from '../../data/batches'
import { storageBuffer } from '../../gpu/buffers'
import { describe } from '../../gpu/device'
import { Readback } from '../../gpu/readback'
import { timeInTurns } from '../../gpu/timing'
import type { ArenaBackend, Recording } from '../../tf/backend'
import { createOps } from '../../tf/ops'
import {
  compress,
  runSparse,
  sparseForms,
  sparseNn,
  uploadSparse,
  type SparseChoice,
  type SparseLayer,
} from '../../tf/ops/sparseLinear'
import { timePasses } from '../../tf/passTime'
import type { Command } from '../../tf/recording'
import { tf, type Tensor } from '../../tf/tfjs'
import { counting, type LinearUse } from '../../tf/work'
import type { Blueprint } from '../executor/blueprint'
import { compactModel } from '../measures/compaction'
import { loadParams, type LoadedParams } from './gpuParams'
import { ModelInputs } from './modelInputs'

/** What is measured. */
export interface TrainedModel {
  readonly blueprint: Blueprint
  readonly backend: ArenaBackend
  /** All parameters as the model reads them (pruned ones are 0), and the mask. */
  readonly weights: Float32Array<ArrayBuffer>
  readonly mask: Uint32Array
}

/** Milliseconds for one batch size: to choose kernels, and to measure. */
const budgetMs = { choose: 300, measure: 700 }
/** A sparse kernel has to take less than this share of the dense one's time. */
const margin = 0.95

/**
 * Measures each batch; leaves out batches that would take longer than the budget, judged by the batch before.
 * @param batches from small to large
 * @throws Problem when the device has no room for it
 */
export async function measureForward(trained: TrainedModel, batches: readonly Batch[]): Promise<ForwardCost> {
  const { backend, blueprint, weights, mask } = trained
  await backend.activate()
  const loaded: LoadedParams[] = []
  const layers = new Map<string, SparseLayer>()
  const load = async (model: Pick<CompactModel, 'layout' | 'weights'>) => {
    const parameters = await loadParams(backend, model.layout, model.weights)
    loaded.push(parameters)
    return parameters.params
  }
  try {
    const params = await load({ layout: blueprint.layout, weights })
    const small = compactModel(blueprint, weights, mask)
    if ('why' in small)
      return { ...(await measureBatches({ ...trained, params, layers, compact: null }, batches)), compact: small }
    const { work, latency, compact } = await measureBatches(
      { ...trained, params, layers, compact: await load(small) },
      batches,
    )
    return { work, latency, compact: { ...compact, parameters: small.layout.parameterCount, units: small.units } }
  } finally {
    for (const part of [...loaded, ...layers.values()]) part.dispose()
  }
}

type Params = Readonly<Record<string, Tensor>>

interface Prepared extends TrainedModel {
  readonly params: Params
  /** The parameters of the compact model, if there is one. */
  readonly compact: Params | null
  /** Compressed layers by the name of their first matrix, made at their first use. */
  readonly layers: Map<string, SparseLayer>
}

/** What is found at a batch size. */
interface Measured {
  readonly work: Work
  readonly latency: Latency
  readonly compact: Pick<CompactCost, 'work' | 'difference'>
}

const nothing: Work = { linear: [], attention: 0 }

async function measureBatches(prepared: Prepared, batches: readonly Batch[]) {
  const all: Measured[] = []
  for (const batch of batches) {
    const before = all.at(-1)?.latency
    if (before && (before.denseMs * batch.labels.length) / before.batch > budgetMs.measure) break
    const forward = new Forward(prepared, batch)
    try {
      all.push(await forward.measure())
    } finally {
      forward.dispose()
    }
  }
  const difference = Math.max(0, ...all.map(({ compact }) => compact.difference))
  const last = all.at(-1)
  return {
    work: last?.work ?? nothing,
    latency: all.map(({ latency }) => latency),
    compact: { work: last?.compact.work ?? nothing, difference },
  }
}

/** The model's forward pass at one batch size. */
class Forward {
  private readonly inputs: ModelInputs
  private readonly nn: Nn
  private readonly size: number
  private readonly recordings: Recording<Tensor>[] = []

  constructor(
    private readonly prepared: Prepared,
    batch: Batch,
  ) {
    const {
      backend,
      blueprint: { input, experiment },
    } = prepared
    this.size = batch.labels.length
    this.inputs = new ModelInputs(backend.device, backend, input, this.size)
    this.inputs.feed(batch, experiment.seed, 0)
    this.nn = createOps(backend, { dropoutRate: 0, random: this.inputs.random, training: false }).nn
  }

  async measure(): Promise<Measured> {
    const {
      backend,
      params,
      compact,
      blueprint: { layout },
    } = this.prepared
    const counted = counting(this.nn, params, this.size)
    const counts = counting(this.nn, compact ?? params, this.size)
    await backend.prepare(() => [this.run(this.nn, params), compact && this.run(this.nn, compact)])
    const dense = this.record(() => this.run(counted.nn, params))
    const prunable = new Set(layout.prunable.map((t) => t.name))
    const uses = counted.uses.filter(({ names }) => names.every((name) => prunable.has(name)))
    const chosen = await this.choose(uses)
    const pruned = chosen.size ? this.record(() => this.run(sparseNn(backend, this.nn, chosen), params)) : dense
    const small = compact && this.record(() => this.run(counts.nn, compact))
    const passes = [dense, pruned, ...(small ? [small] : [])].map(({ commands }) => commands)
    const [denseMs = NaN, prunedMs = NaN, compactMs = null] = await timePasses(backend.device, passes, budgetMs.measure)
    const sparseLayers = uses.reduce((sum, { weights }) => sum + (isIn(chosen, weights) ? weights.length : 0), 0)
    return {
      work: counted.work(),
      latency: { batch: this.size, denseMs, prunedMs, compactMs, sparseLayers, prunableLayers: prunable.size },
      compact: { work: counts.work(), difference: small ? await this.differenceOf(dense.value, small.value) : 0 },
    }
  }

  dispose(): void {
    for (const recording of this.recordings) {
      recording.value.dispose()
      recording.dispose()
    }
    this.inputs.dispose()
  }

  private run(nn: Nn, params: Params): Tensor {
    const {
      blueprint: { experiment, input },
    } = this.prepared
    return tf.tidy(() => foldedModelOf(experiment).forward(nn, params, this.inputs.x, experiment.model.values, input))
  }

  private record(f: () => Tensor): Recording<Tensor> {
    const recording = this.prepared.backend.record(f)
    this.recordings.push(recording)
    return recording
  }

  /** Largest difference between two lists of logits, once the passes that write them have run. */
  private async differenceOf(...logits: readonly [Tensor, Tensor]): Promise<number> {
    const { backend } = this.prepared
    const readback = new Readback(backend.device)
    try {
      const read = logits
        .map((tensor) => backend.binding(tensor))
        .map(({ buffer, offset, size }) => readback.read(buffer, offset, size))
      const [a, b] = (await Promise.all(read)).map((bytes) => new Float32Array(bytes)) as [Float32Array, Float32Array]
      return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0)
    } finally {
      readback.dispose()
    }
  }

  /**
   * Times every prunable layer alone, dense and compressed. @returns the layers that compressed kernels run faster, by
   * first matrix
   */
  private async choose(uses: readonly LinearUse[]): Promise<ReadonlyMap<Tensor, SparseChoice>> {
    const { backend } = this.prepared
    const scratch = new Scratch(backend)
    try {
      const candidates: (Candidate & { readonly run: () => Tensor })[] = []
      for (const use of uses) candidates.push(...(await this.candidatesOf(use, scratch)))
      await backend.prepare(() => candidates.map(({ run }) => tf.tidy(run)))
      const lists = candidates.map(({ run }) => this.record(() => tf.tidy(run)).commands)
      const ns = await timeInTurns(backend.device, lists.flat(), { rounds: 3, budgetMs: budgetMs.choose })
      return fastest(candidates, sums(lists, ns))
    } finally {
      scratch.dispose()
    }
  }

  private async candidatesOf({ names, weights, biases, options, rows }: LinearUse, scratch: Scratch) {
    const { backend } = this.prepared
    const [matrix, bias] = [weights[0] as Tensor, biases[0] as Tensor]
    const [fanIn = 1, fanOut = 1] = matrix.shape
    const x = await scratch.tensor([rows, fanIn])
    const rest = {
      ...(options.activation ? { activation: options.activation } : {}),
      ...(options.residual ? { residual: await scratch.tensor([rows, fanOut]) } : {}),
    }
    const layer = await this.compressed(names)
    // Transposing x pays where neighbouring lanes should read neighbours; a software adapter does not care.
    const forms = describe({ info: backend.device.adapterInfo }).software ? ['rows' as const] : sparseForms
    return [
      {
        matrix,
        choice: null,
        run: () => (weights.length > 1 ? this.nn.linears(x, weights, biases) : this.nn.linear(x, matrix, bias, rest)),
      },
      ...forms.map((form) => ({
        matrix,
        choice: { layer, form },
        run: () => runSparse(backend, { layer, form }, x, rest),
      })),
    ]
  }

  private async compressed(names: readonly string[]): Promise<SparseLayer> {
    const {
      backend,
      layers,
      weights,
      mask,
      blueprint: { layout },
    } = this.prepared
    const [key = ''] = names
    const known = layers.get(key)
    if (known) return known
    const place = (name: string) => layout.tensors.find((t) => t.name === name) as Placed
    const parts = names.map((name) => ({ weights: place(name), bias: place(name.replace(/weights$/, 'bias')) }))
    const layer = await uploadSparse(backend, compress(weights, mask, parts))
    layers.set(key, layer)
    return layer
  }
}

/** Tensors whose contents do not matter. */
class Scratch {
  private readonly buffers: GPUBuffer[] = []
  private readonly tensors: Tensor[] = []

  constructor(private readonly backend: ArenaBackend) {}

  async tensor(shape: readonly number[]): Promise<Tensor> {
    const buffer = await storageBuffer(this.backend.device, 'scratch', 4 * shape.reduce((a, b) => a * b, 1))
    this.buffers.push(buffer)
    const tensor = this.backend.view(buffer, 0, shape)
    this.tensors.push(tensor)
    return tensor
  }

  dispose(): void {
    tf.dispose(this.tensors)
    for (const buffer of this.buffers) buffer.destroy()
  }
}

function isIn(chosen: ReadonlyMap<Tensor, SparseChoice>, [first]: readonly Tensor[]): boolean {
  return first !== undefined && chosen.has(first)
}

interface Candidate {
  /** The layer's first matrix. */
  readonly matrix: Tensor
  readonly choice: SparseChoice | null
}

/** Nanoseconds of each list, given those of all their commands. */
function sums(lists: readonly (readonly Command[])[], ns: readonly number[]): number[] {
  let at = 0
  return lists.map((list) => list.reduce((sum) => sum + (ns[at++] ?? NaN), 0))
}

/** The fastest compressed candidate of each layer that beats its dense one by the margin. */
function fastest(candidates: readonly Candidate[], ns: readonly number[]): ReadonlyMap<Tensor, SparseChoice> {
  const chosen = new Map<Tensor, SparseChoice>()
  const best = new Map<Tensor, number>()
  candidates.forEach(({ matrix, choice }, i) => {
    const time = ns[i] ?? NaN
    if (!choice) best.set(matrix, time * margin)
    else if (time < (best.get(matrix) ?? 0)) {
      best.set(matrix, time)
      chosen.set(matrix, choice)
    }
  })
  return chosen
}
