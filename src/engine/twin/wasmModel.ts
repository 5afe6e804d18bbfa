import { batchNumbers, type Batch } from '../../data/batches'
import { buildGraph, inputShape, type Graph } from '../../tf/graph'
import { createOps } from '../../tf/ops'
import type { Tensor } from '../../tf/tfjs'
import type { Recorder } from '../../tf/wasmRecording/recorder'
import { record, type Outputs, type Recording } from '../../tf/wasmRecording/record'
import type { Pointer } from '../../wasm/kernels'
import type { OwnMemory } from '../../wasm/ownMemory'
import { attackOf } from '../executor/attack'
import { labelCount, type Blueprint } from '../executor/blueprint'
import type { CpuArena } from './cpuArena'
import { CpuModel, type Differentiable, type Moment } from './cpuModel'
import { judgedApart } from '../cuts/judging'
import { probeOptions, probesApart, roundsWeights } from '../executor/settings'

type PassName = 'train' | 'judge' | 'probe' | 'logits'

/** The numbers of the buffers that all passes read or write; in each recording the same. */
interface Inputs {
  readonly weights: number
  readonly grads: number
  readonly x: number
  readonly labels: number
  readonly random: number
  readonly pressure: number
}

interface Pass {
  readonly recording: Recording
  /** The loss, or the logits. */
  readonly kept: readonly Pointer[]
  readonly result: Inputs
}

type Passes = Readonly<Partial<Record<PassName, Pass>>>

/** A model's passes as calls of our kernels, and the memory that they need. */
export interface RecordedModel {
  readonly passes: Passes
  readonly bytes: number
}

/**
 * Writes down the passes of a run's model, those that our kernels know all of. @param threads how many share the work
 */
export function recordModel(blueprint: Blueprint, threads: number): RecordedModel {
  const { experiment, input, layout } = blueprint
  const passes: Partial<Record<PassName, Pass>> = {}
  const add = (
    name: PassName,
    pass: (graph: Graph, x: Tensor, labels: Tensor) => ReturnType<Graph['probe']> | Tensor,
  ) => {
    const found = record(threads, (recorder) => outputsOf(blueprint, recorder, pass))
    if (found) passes[name] = found
  }
  const options = probeOptions(blueprint)
  if (!attackOf(blueprint)?.trains) {
    add('train', (graph, x, labels) => graph.lossAndGradients(x, labels))
    if (probesApart(blueprint)) add('probe', (graph, x, labels) => graph.probe(x, labels, options))
    if (experiment.training.dropout > 0 && judgedApart(blueprint.pruning))
      add('judge', (graph, x, labels) => graph.probe(x, labels, { ...options, probe: 'loss' }))
  }
  add('logits', (graph, x) => graph.logits(x))
  const recordings = Object.values(passes).map(({ recording }) => recording)
  const batch = experiment.training.batch
  const inputBytes = 4 * (inputShape(input, batch).reduce((a, b) => a * b, 1) + labelCount(blueprint) + 16)
  const bytes =
    Math.max(0, ...recordings.map(({ temporaryBytes }) => temporaryBytes))
    + recordings.reduce((sum, { constantBytes }) => sum + constantBytes, 0)
    + inputBytes
    + (readsOthers(blueprint) ? 4 * layout.length : 0)
  return { passes, bytes: bytes + 1024 }
}

/** Whether the model reads something else than the weights as they are stored. */
function readsOthers({ experiment, pruning }: Blueprint): boolean {
  return pruning.keepsValues || roundsWeights(experiment)
}

function outputsOf(
  blueprint: Blueprint,
  recorder: Recorder,
  pass: (graph: Graph, x: Tensor, labels: Tensor) => ReturnType<Graph['probe']> | Tensor,
): Outputs & { result: Inputs } {
  const { experiment, model, objective, layout, input } = blueprint
  const { batch, dropout, labelSmoothing } = experiment.training
  const shape = inputShape(input, batch)
  const size = shape.reduce((a, b) => a * b, 1)
  const buffers: Inputs = {
    weights: recorder.input(4 * layout.length),
    grads: recorder.input(4 * layout.length),
    x: recorder.input(4 * size),
    labels: recorder.input(4 * labelCount(blueprint)),
    random: recorder.input(8),
    pressure: recorder.input(4),
  }
  const parameters = layout.tensors.map((t) => recorder.view(buffers.weights, 4 * t.offset, t.shape))
  const random = recorder.view(buffers.random, 0, [2], 'int32')
  const evaluation = createOps(null, { dropoutRate: 0, random, training: false })
  const graph = buildGraph(parameters, {
    model,
    ...(objective ? { objective } : {}),
    values: experiment.model.values,
    spec: input,
    layout,
    smoothing: labelSmoothing,
    pressure: recorder.view(buffers.pressure, 0, []),
    training: createOps(null, { dropoutRate: dropout, random, training: true }),
    evaluation,
  })
  const x = recorder.view(buffers.x, 0, shape, input.task === 'text' ? 'int32' : 'float32')
  const found = pass(graph, x, recorder.view(buffers.labels, 0, [labelCount(blueprint)], 'int32'))
  if (!('loss' in found)) return { kept: [found], placed: [], result: buffers }
  const placed = layout.tensors.flatMap(({ offset }, i) => {
    const tensor = found.gradients[i]
    // The arena holds zeros for what does not train.
    return tensor ? [{ tensor, buffer: buffers.grads, offset: 4 * offset }] : []
  })
  return { kept: [found.loss], placed, result: buffers }
}

/** The model as recorded calls of our kernels; passes that could not be recorded run on tfjs. */
export class WasmModel extends CpuModel {
  private readonly run: Partial<Record<PassName, () => Float32Array>> = {}
  private readonly x: Float32Array | Int32Array
  private readonly labels: Uint32Array
  private readonly random: Uint32Array
  private readonly pressure: Float32Array
  /** What the model reads where that is not the weights as they are stored. */
  private readonly read: Float32Array

  constructor(blueprint: Blueprint, { passes }: RecordedModel, memory: OwnMemory, arena: CpuArena) {
    super(blueprint)
    const { input, layout, experiment } = blueprint
    const { batch } = experiment.training
    const x = memory.floats(inputShape(input, batch).reduce((a, b) => a * b, 1))
    this.x = input.task === 'text' ? new Int32Array(x.buffer, x.byteOffset, x.length) : x
    this.labels = memory.words(labelCount(blueprint))
    this.random = memory.words(2)
    this.pressure = memory.floats(1)
    this.read = readsOthers(blueprint) ? memory.floats(layout.length) : arena.weights
    const most = Math.max(0, ...Object.values(passes).map(({ recording }) => recording.temporaryBytes))
    const temporary = memory.floats(most / 4).byteOffset
    for (const [name, pass] of Object.entries(passes) as [PassName, Pass][]) {
      const constants = memory.floats(pass.recording.constantBytes / 4).byteOffset
      const { result: buffers, kept } = pass
      const places = new Map([
        [buffers.weights, this.read.byteOffset],
        [buffers.grads, arena.grads.byteOffset],
        [buffers.x, x.byteOffset],
        [buffers.labels, this.labels.byteOffset],
        [buffers.random, this.random.byteOffset],
        [buffers.pressure, this.pressure.byteOffset],
      ])
      const bound = pass.recording.bind(memory.kernels, x.buffer, temporary, constants, places)
      const output = new Float32Array(x.buffer, bound.at(kept[0] ?? 0), name === 'logits' ? batch * input.classes : 1)
      this.run[name] = () => {
        bound.run()
        return output
      }
    }
  }

  override differentiate(batch: Batch, step: Moment, arena: Differentiable): void {
    if (!this.replay('train', batch, step, arena.weights)) super.differentiate(batch, step, arena)
  }

  override probe(batch: Batch, step: Moment, arena: Differentiable): void {
    if (!this.run.probe || !this.replay('probe', batch, step, arena.weights)) super.probe(batch, step, arena)
  }

  override judge(batch: Batch, step: Moment, arena: Differentiable): void {
    if (!this.replay('judge', batch, step, arena.weights)) super.judge(batch, step, arena)
  }

  override logits(batches: Iterable<Batch>, weights: Float32Array, attacked = false): Float32Array[] {
    const { logits } = this.run
    if (!logits || attacked) return super.logits(batches, weights, attacked)
    this.show(weights)
    return Array.from(batches, (batch) => {
      this.feed(batch, { step: 0 })
      return logits().slice()
    })
  }

  private replay(name: PassName, batch: Batch, step: Moment, weights: Float32Array): boolean {
    const run = this.run[name]
    if (!run) return false
    this.show(weights)
    this.feed(batch, step)
    this.loss = run()[0] ?? NaN
    return true
  }

  private show(weights: Float32Array): void {
    if (weights !== this.read) this.read.set(weights)
  }

  private feed(batch: Batch, { step, pressure = 1 }: Moment): void {
    this.x.set(batchNumbers(batch, this.blueprint.input))
    this.labels.set(batch.labels)
    this.random.set([this.blueprint.experiment.seed, step])
    this.pressure[0] = pressure
  }
}
