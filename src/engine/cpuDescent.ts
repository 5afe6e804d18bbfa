import { batchNumbers, type Batch } from '../data/batches'
import { inputShape } from '../tf/graph'
import { createOps } from '../tf/ops'
import { tf } from '../tf/tfjs'
import type { Blueprint } from './blueprint'
import type { Descent } from './descent'

/** The twin of gpuDescent.ts on whatever tfjs backend is set. @param weights all parameters, [layout.length] */
export function descendOnCpu(
  blueprint: Blueprint,
  weights: Float32Array,
  batches: Iterable<Batch>,
  descent: Descent,
): void {
  const { experiment, input, layout } = blueprint
  tf.tidy(() => {
    const params = Object.fromEntries(
      layout.tensors.map((t) => [t.name, tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape])]),
    )
    const ops = createOps(null, { dropoutRate: 0, random: tf.tensor1d([experiment.seed, 0], 'int32'), training: false })
    for (const batch of batches) {
      tf.tidy(() => {
        const x = tf.tensor(
          batchNumbers(batch, input),
          inputShape(input, descent.examples),
          input.task === 'text' ? 'int32' : 'float32',
        )
        const labels = tf.tensor1d(batch.labels, 'int32')
        descent.move(
          descent
            .slope({ blueprint, ops, params, x, labels }, tf.tensor1d(descent.numbers.slice()))
            .dataSync() as Float32Array,
        )
      })
    }
  })
}
