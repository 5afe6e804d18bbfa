import { batchNumbers } from '../../data/batches'
import { inputShape } from '../../tf/graph'
import { createOps } from '../../tf/ops'
import { tf } from '../../tf/tfjs'
import type { Blueprint } from '../executor/blueprint'
import type { Descent } from '../executor/descent'
import type { Batches } from '../executor/executor'

/** The twin of gpuDescent.ts on whatever tfjs backend is set. @param weights all parameters, [layout.length] */
export async function descendOnCpu(
  blueprint: Blueprint,
  weights: Float32Array,
  batches: Batches,
  descent: Descent,
): Promise<void> {
  const { experiment, input, layout } = blueprint
  for await (const batch of batches) {
    tf.tidy(() => {
      const params = Object.fromEntries(
        layout.tensors.map((t) => [t.name, tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape])]),
      )
      const random = tf.tensor1d([experiment.seed, 0], 'int32')
      const ops = createOps(null, { dropoutRate: 0, random, training: false })
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
}
