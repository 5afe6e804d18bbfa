import { activatedOf } from '../../config/activated'
import type { Examples } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
import { inferenceReport, type InferenceReport } from '../../core/inference'
import type { LayerSparsity } from '../../core/trainer'
import { heldBatches, makeBatch } from '../../data/batches'
import type { Executor } from '../executor/executor'
import { savedCount } from './saved'

/**
 * What pruning bought the model as it is now. Times forward passes of one example and of a training batch, for two
 * seconds at most. Nothing of the run changes.
 * @throws Problem when the device has no room for it
 */
export async function measureInference(
  executor: Executor,
  examples: Examples,
  experiment: Experiment,
  layers: readonly LayerSparsity[],
): Promise<InferenceReport> {
  const batches = [...new Set([1, experiment.training.batch])].map((size) => {
    const into = makeBatch(examples, size)
    heldBatches(examples, size).readHeld(0, into)
    return into
  })
  const activated = activatedOf(executor.pruning.hook, executor.layout, await executor.weights(), layers)
  return {
    ...inferenceReport(await executor.measureForward(batches), layers, savedCount(executor)),
    ...(activated ? { activated } : {}),
  }
}
