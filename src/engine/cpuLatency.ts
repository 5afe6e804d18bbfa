import { modelOf } from '../config/modelOf'
import type { ForwardCost, Latency, Work } from '../core/inference'
import type { Nn } from '../core/model'
import { batchNumbers, type Batch } from '../data/batches'
import { median } from '../gpu/timing'
import { inputShape } from '../tf/graph'
import { createOps } from '../tf/ops'
import { tf } from '../tf/tfjs'
import { counting } from '../tf/work'
import type { Blueprint } from './blueprint'

/** Milliseconds for one batch size. */
const budgetMs = 300

/**
 * How long a forward pass takes on whatever tfjs backend is set. There are no sparse kernels, so only the dense model is measured;
 * batches that would take longer than the budget, judging by the batch before, are left out.
 */
export function measureForwardOnCpu(blueprint: Blueprint, weights: Float32Array, batches: readonly Batch[]): ForwardCost {
  const latency: Latency[] = []
  let work: Work = { linear: [], attention: 0 }
  for (const batch of batches) {
    const before = latency.at(-1)
    const size = batch.labels.length
    if (before && before.denseMs * size / before.batch > budgetMs) break
    const measured = measureBatch(blueprint, weights, batch)
    work = measured.work
    latency.push({ batch: size, denseMs: measured.denseMs, prunedMs: null, sparseLayers: 0, prunableLayers: blueprint.layout.prunable.length })
  }
  return { work, latency }
}

function measureBatch({ experiment, input, layout }: Blueprint, weights: Float32Array, batch: Batch): { work: Work; denseMs: number } {
  const size = batch.labels.length
  let measured = { work: { linear: [], attention: 0 } as Work, denseMs: NaN }
  tf.tidy(() => {
    const params = Object.fromEntries(layout.tensors.map((t) => [t.name, tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape])]))
    const x = tf.tensor(batchNumbers(batch, input), inputShape(input, size), input.task === 'text' ? 'int32' : 'float32')
    const { nn } = createOps(null, { dropoutRate: 0, random: tf.tensor1d([experiment.seed, 0], 'int32'), training: false })
    const counted = counting(nn, params, size)
    const forward = (operations: Nn) => tf.tidy(() => modelOf(experiment).forward(operations, params, x, experiment.model.values).dataSync())
    forward(counted.nn)
    measured = { work: counted.work(), denseMs: medianMs(() => forward(nn)) }
  })
  return measured
}

/** Median of up to 9 runs within the budget, at least one. */
function medianMs(run: () => unknown): number {
  const times: number[] = []
  const end = performance.now() + budgetMs
  for (let i = 0; i < 9 && (i === 0 || performance.now() < end); i++) {
    const begun = performance.now()
    run()
    times.push(performance.now() - begun)
  }
  return median(times)
}
