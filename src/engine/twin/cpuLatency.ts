import { foldedModelOf } from '../../config/modelOf'
import type { ForwardCost, Latency, Work } from '../../core/inference'
import type { Layout } from '../../core/layout'
import type { Nn } from '../../core/model'
import { batchNumbers, type Batch } from '../../data/batches'
import { median } from '../../gpu/timing'
import { inputShape } from '../../tf/graph'
import { createOps } from '../../tf/ops'
import { tf } from '../../tf/tfjs'
import { counting } from '../../tf/work'
import type { Blueprint } from '../executor/blueprint'
import { compactModel } from '../measures/compaction'

/** Milliseconds for one batch size. */
const budgetMs = 300

/**
 * How long a forward pass takes on whatever tfjs backend is set: of the dense model, and of the compact one where there
 * is one. There are no sparse kernels; batches that would take longer than the budget, judging by the batch before, are
 * left out.
 * @param weights all parameters as the model reads them, those that are pruned 0
 */
export function measureForwardOnCpu(
  blueprint: Blueprint,
  weights: Float32Array,
  mask: Uint32Array,
  batches: readonly Batch[],
): ForwardCost {
  const small = compactModel(blueprint, weights, mask)
  const models = [{ layout: blueprint.layout, weights }, ...('why' in small ? [] : [small])]
  const latency: Latency[] = []
  let [work, compactWork, difference]: [Work, Work, number] = [nothing, nothing, 0]
  for (const batch of batches) {
    const before = latency.at(-1)
    const size = batch.labels.length
    if (before && (before.denseMs * size) / before.batch > budgetMs) break
    const [dense, compact] = measureBatch(blueprint, models, batch)
    if (!dense) break
    work = dense.work
    if (compact) {
      compactWork = compact.work
      difference = compact.logits.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (dense.logits[i] ?? NaN))),
        difference,
      )
    }
    const prunableLayers = blueprint.layout.prunable.length
    latency.push({
      batch: size,
      denseMs: dense.ms,
      prunedMs: null,
      compactMs: compact?.ms ?? null,
      sparseLayers: 0,
      prunableLayers,
    })
  }
  return {
    work,
    latency,
    compact:
      'why' in small
        ? small
        : { work: compactWork, difference, parameters: small.layout.parameterCount, units: small.units },
  }
}

const nothing: Work = { linear: [], attention: 0 }

/** A forward pass: what it multiplied, what came out, and how long it took. */
interface Pass {
  readonly work: Work
  readonly logits: Float32Array
  readonly ms: number
}

interface Weighted {
  readonly layout: Layout
  readonly weights: Float32Array
}

function measureBatch({ experiment, input }: Blueprint, models: readonly Weighted[], batch: Batch): Pass[] {
  const size = batch.labels.length
  let passes: Pass[] = []
  tf.tidy(() => {
    const x = tf.tensor(
      batchNumbers(batch, input),
      inputShape(input, size),
      input.task === 'text' ? 'int32' : 'float32',
    )
    const { nn } = createOps(null, {
      dropoutRate: 0,
      random: tf.tensor1d([experiment.seed, 0], 'int32'),
      training: false,
    })
    const prepared = models.map(({ layout, weights }) => {
      const params = Object.fromEntries(
        layout.tensors.map((t) => [t.name, tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape])]),
      )
      const run = (operations: Nn) =>
        tf.tidy(
          () =>
            foldedModelOf(experiment)
              .forward(operations, params, x, experiment.model.values, input)
              .dataSync() as Float32Array,
        )
      const counted = counting(nn, params, size)
      return { logits: run(counted.nn).slice(), work: counted.work(), run: () => run(nn) }
    })
    const ms = mediansMs(prepared.map(({ run }) => run))
    passes = prepared.map(({ logits, work }, i) => ({ logits, work, ms: ms[i] ?? NaN }))
  })
  return passes
}

/** Medians of up to 9 turns within the budget, at least one. */
function mediansMs(runs: readonly (() => unknown)[]): number[] {
  const times: number[][] = runs.map(() => [])
  const end = performance.now() + budgetMs
  for (let i = 0; i < 9 && (i === 0 || performance.now() < end); i++) {
    runs.forEach((run, k) => {
      const begun = performance.now()
      run()
      times[k]?.push(performance.now() - begun)
    })
  }
  return times.map(median)
}
