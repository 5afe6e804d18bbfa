import { fromLink } from '../../config/link'
import { methodLabel, sparsityName } from '../../config/methodLabel'
import { count, percent } from '../../core/figures'
import type { RunQueue } from '../../queue/runQueue'
import type { Screen } from '../screen'

/** Prints what a queue holds. @param clear what is removed before */
export async function showQueue(
  queue: RunQueue,
  clear: 'failed' | 'all' | null,
  screen: Pick<Screen, 'line'>,
): Promise<void> {
  if (clear === 'all') await queue.clear()
  if (clear === 'failed') await queue.forget((await queue.list()).failed.map(({ id }) => id))
  const { waiting, running, finished, failed } = await queue.list()
  screen.line(
    `${count(waiting.length)} waiting, ${count(running.length)} running, ${count(finished.length)} finished, `
      + `${count(failed.length)} failed`,
  )
  for (const { id, worker, step, steps } of running)
    screen.line(`running  ${id}  step ${count(step)} of ${count(steps)} (${percent(step / steps, 0)})  on ${worker}`)
  for (const { id, link, problem } of failed)
    screen.line(`failed   ${id}  ${nameOf(link)}  ${problem.what} ${problem.fix}`)
}

/** A run by its method, sparsity and seed. */
function nameOf(link: string): string {
  try {
    const { experiment } = fromLink(link)
    const sparsity = experiment.method.values[sparsityName]
    return `${methodLabel(experiment)}${typeof sparsity === 'number' ? ` ${sparsity}` : ''} seed ${experiment.seed}`
  } catch {
    // Of another version, perhaps.
    return link
  }
}
