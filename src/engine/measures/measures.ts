import type { Examples } from '../../core/dataset'
import { Problem } from '../../core/problem'
import type { RunResult, TrainerEvent } from '../../core/trainer'
import type { Executor } from '../executor/executor'
import { measureInference } from './inference'
import { savedTensors } from './saved'
import { measureSizes } from './sizes'
import { exploredShare } from './visited'

/** The result with what is measured of the final model; a measurement that fails is left out, and a note says why. */
export async function withMeasures(
  executor: Executor,
  examples: Examples,
  result: RunResult,
  emit: (event: TrainerEvent) => void,
): Promise<RunResult> {
  const { experiment, layers } = result
  const { batch } = experiment.training
  const attempt = async <T extends object>(failed: string, measure: () => Promise<T>): Promise<T | object> => {
    try {
      return await measure()
    } catch (error) {
      emit({ type: 'note', text: `${failed}: ${Problem.from(error).what}` })
      return {}
    }
  }
  const explored = await exploredShare(executor)
  return {
    ...result,
    ...(explored === null ? {} : { explored }),
    ...(await attempt('Inference could not be timed', async () => ({
      inference: await measureInference(executor, examples, experiment, layers),
    }))),
    ...(await attempt('Sizes and int8 could not be measured', async () =>
      measureSizes(executor, examples, batch, await savedTensors(executor, experiment)),
    )),
  }
}
