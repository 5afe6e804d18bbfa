import { openExecutor, type RuntimeOptions } from '../../engine/run/runtime'
import type { Task } from '../workloads'
import type { Peer, PeerName } from './peer'

/**
 * The playground's own engine: the executor that the page and the command line train with.
 * @param name the column that it fills, by the device it runs on
 */
export async function openOurs(task: Task, runtime: RuntimeOptions, name: PeerName = 'ours'): Promise<Peer> {
  const { experiment, input, layout, weights } = task
  const executor = await openExecutor(experiment, input, layout, runtime)
  await executor.setWeights({ weights, moments: 'fresh' })
  return {
    name,
    step(step) {
      executor.train(
        task.batch(step),
        { step, momentAge: step, rate: experiment.training.rate, statisticsStep: step },
        task.event(step),
      )
      return undefined
    },
    async loss() {
      const { steps } = await executor.drain()
      return steps.at(-1)?.loss ?? NaN
    },
    dispose: () => executor.dispose(),
  }
}
