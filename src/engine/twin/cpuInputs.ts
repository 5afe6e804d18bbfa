import { batchNumbers } from '../../data/batches'
import { inputShape } from '../../tf/graph'
import { createOps } from '../../tf/ops'
import { tf } from '../../tf/tfjs'
import type { Blueprint } from '../executor/blueprint'
import type { Batches } from '../executor/executor'
import { addSums, type Add, type Sums, type Watch } from '../executor/inputs'

/** The twin of gpuInputs.ts on whatever tfjs backend is set. @param weights all parameters, [layout.length] */
export async function sumOnCpu(
  blueprint: Blueprint,
  weights: Float32Array,
  batches: Batches,
  watch: Watch,
  add: Add = addSums,
): Promise<Sums> {
  const { experiment, input, layout } = blueprint
  const sums: Sums = new Map()
  for await (const batch of batches) {
    tf.tidy(() => {
      const params = Object.fromEntries(
        layout.tensors.map((t) => [t.name, tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape])]),
      )
      const x = tf.tensor(
        batchNumbers(batch, input),
        inputShape(input, experiment.training.batch),
        input.task === 'text' ? 'int32' : 'float32',
      )
      const ops = createOps(null, {
        dropoutRate: 0,
        random: tf.tensor1d([experiment.seed, 0], 'int32'),
        training: false,
      })
      const labels = tf.tensor1d(batch.labels, 'int32')
      for (const { names, sum } of watch({ blueprint, ops, params, x, labels }))
        add(sums, names, sum.dataSync() as Float32Array)
    })
  }
  return sums
}
