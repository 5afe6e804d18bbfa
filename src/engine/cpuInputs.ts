import { modelOf } from '../config/modelOf'
import type { InputMoment } from '../core/cut'
import { batchNumbers, type Batch } from '../data/batches'
import { inputShape } from '../tf/graph'
import { inputSums } from '../tf/inputSums'
import { createOps } from '../tf/ops'
import { tf } from '../tf/tfjs'
import type { Blueprint } from './blueprint'
import { addSums, type InputSums } from './inputs'

/** The twin of gpuInputs.ts on whatever tfjs backend is set. @param weights all parameters, [layout.length] */
export function sumInputsOnCpu(blueprint: Blueprint, weights: Float32Array, batches: Iterable<Batch>, wanted: readonly string[], moment: InputMoment): InputSums {
  const { experiment, input, layout } = blueprint
  const sums: InputSums = new Map()
  for (const batch of batches) {
    tf.tidy(() => {
      const params = Object.fromEntries(layout.tensors.map((t) => [t.name, tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape])]))
      const text = input.task === 'text'
      const x = tf.tensor(batchNumbers(batch, input), inputShape(input, experiment.training.batch), text ? 'int32' : 'float32')
      const { nn } = createOps(null, { dropoutRate: 0, random: tf.tensor1d([experiment.seed, 0], 'int32'), training: false })
      const found = inputSums(nn, { params, wanted: new Set(wanted), moment, ...(text ? { ids: x } : {}) }, (watched) => (
        modelOf(experiment).forward(watched, params, x, experiment.model.values)
      ))
      for (const { names, sum } of found) addSums(sums, names, sum.dataSync() as Float32Array)
    })
  }
  return sums
}
