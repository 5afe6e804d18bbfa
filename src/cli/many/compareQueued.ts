import { setTimeout } from 'node:timers/promises'
import { toLink, type OpenedLink } from '../../config/link'
import { plannedRuns, type Recipe } from '../../config/recipe'
import { readsFiles } from '../../config/registries'
import { count } from '../../core/figures'
import type { Listing, RunFiles, RunJob, RunQueue } from '../../queue/runQueue'
import { endComparison, writeTables } from '../compare'
import { tryFolder } from '../output'
import { duration } from '../progress'
import { isFinished, runFolder } from '../result'
import type { RunOptions } from '../run'
import type { Screen } from '../screen'
import { UsageProblem } from '../usage'
import { whenRoom, writeWhole } from '../writeWhole'
import { checkRuns } from './checkRuns'

/** Options of `sentinel compare --queue`. */
export interface QueuedOptions extends Pick<RunOptions, 'out' | 'files' | 'force'> {
  readonly queue: RunQueue
  /** So many runs are made by a second worker, too. */
  readonly check?: number
}

/** Milliseconds between two looks at the queue. */
const lookMs = 1000

/**
 * Makes a comparison as `compare` does, by whoever works at the queue; writes the same files. When the signal fires,
 * the queue goes on, and the same call finds what was made meanwhile.
 * @throws Problem that says how many runs failed; and before the first run, where results could not be written
 */
export async function compareQueued(
  opened: OpenedLink,
  recipe: Recipe,
  options: QueuedOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<'finished' | 'interrupted'> {
  const { out, queue } = options
  refuseFiles(opened, options)
  tryFolder('--out', out)
  const planned = plannedRuns(recipe, opened.experiment)
  const jobs = planned.map(({ runId, experiment }): RunJob => ({
    id: runId,
    link: toLink(experiment),
    steps: experiment.training.steps,
  }))
  const missing = new Map(jobs.filter(({ id }) => options.force || !isThere(out, id)).map((job) => [job.id, job]))
  await begin(queue, missing, options.force, screen)
  const watch = watchOn(screen, planned.length)
  const failures: string[] = []
  const write = () => {
    writeTables(opened, recipe, out, null)
  }
  write()
  while (missing.size > 0) {
    const listing = await queue.list()
    const finished = listing.finished.filter((id) => missing.has(id))
    for (const id of finished) {
      // Where its files are kept no more, it is made again.
      if (await fetchRun(queue, id, out, screen, signal)) missing.delete(id)
      else await queue.forget([id])
    }
    for (const { id, link, problem } of listing.failed.filter((run) => missing.has(run.id))) {
      watch.line(`Run ${id} failed. ${problem.what} ${problem.fix}`)
      failures.push(link)
      missing.delete(id)
    }
    if (finished.length > 0) write()
    // The queue may have been cleared, or have lost what it had not yet written when its machine went down.
    await queue.add(unknownTo(listing, missing))
    watch.show(listing, missing)
    if (missing.size === 0) break
    await setTimeout(lookMs, undefined, { signal }).catch(() => undefined)
    if (!signal.aborted) continue
    watch.line(`The queue goes on with ${count(missing.size)} runs; the same command fetches what is made.`)
    return 'interrupted'
  }
  watch.end()
  const checked = options.check === undefined || (await checkRuns(jobs, options.check, options, screen, signal))
  if (!checked) return 'interrupted'
  endComparison(planned.length, failures, out, screen)
  return 'finished'
}

function refuseFiles({ experiment }: OpenedLink, { files }: QueuedOptions): void {
  if (files.length === 0 && !readsFiles(experiment)) return
  throw new UsageProblem(
    'The comparison reads files of your own, which a queue does not carry to its workers.',
    'Leave --queue out to make its runs here.',
  )
}

function isThere(out: string, id: string): boolean {
  return isFinished(runFolder(out, id, null), id)
}

/** Adds what is missing; what failed before is tried again. */
async function begin(
  queue: RunQueue,
  missing: ReadonlyMap<string, RunJob>,
  force: boolean,
  screen: Screen,
): Promise<void> {
  if (missing.size === 0) return
  const { failed, finished } = await queue.list()
  const again = [...failed.map(({ id }) => id), ...(force ? finished : [])].filter((id) => missing.has(id))
  await queue.forget(again)
  const added = await queue.add([...missing.values()])
  const known = missing.size - added
  screen.line(`${count(added)} runs were added to the queue${known > 0 ? `; ${count(known)} are in it already` : ''}.`)
}

/** Copies a finished run into its folder; false where the queue has it no more. */
async function fetchRun(
  queue: RunQueue,
  id: string,
  out: string,
  screen: Screen,
  signal: AbortSignal,
): Promise<boolean> {
  const result = await queue.result(id)
  if (!result) return false
  const folder = runFolder(out, id, null)
  const tell = (text: string) => {
    screen.line(text)
  }
  for (const [name, bytes] of inOrder(result.files))
    await whenRoom(
      folder,
      () => {
        writeWhole(folder, name, bytes)
      },
      tell,
      signal,
    )
  return isThere(out, id)
}

/** With the result at the end, which says that the run is finished. */
function inOrder(files: RunFiles): readonly (readonly [string, Uint8Array])[] {
  const last = 'result.json'
  return Object.entries(files).sort(([a], [b]) => Number(a === last) - Number(b === last))
}

function unknownTo(
  { waiting, running, finished, failed }: Listing,
  missing: ReadonlyMap<string, RunJob>,
): readonly RunJob[] {
  const known = new Set([...waiting, ...finished, ...[...running, ...failed].map(({ id }) => id)])
  return [...missing.values()].filter(({ id }) => !known.has(id))
}

/** Shows how far a comparison is: one redrawn line on a terminal, a line every few seconds in a log. */
function watchOn(screen: Screen, total: number) {
  const everyMs = screen.terminal ? 0 : 15_000
  const begun = screen.now()
  let first: number | null = null
  let last = -Infinity
  const end = () => {
    if (screen.terminal && last > -Infinity) screen.write('\n')
    last = -Infinity
  }
  return {
    end,
    line: (text: string) => {
      end()
      screen.line(text)
    },
    show: (listing: Listing, missing: ReadonlyMap<string, RunJob>) => {
      const running = listing.running.filter(({ id }) => missing.has(id))
      const done = total - missing.size + running.reduce((sum, { step, steps }) => sum + step / steps, 0)
      first ??= done
      const now = screen.now()
      if (now - last < everyMs) return
      last = now
      const seconds = (now - begun) / 1000
      const left = done - first > 0.02 ? `, ${duration((seconds * (total - done)) / (done - first))} left` : ''
      const workers = new Set(listing.running.map(({ worker }) => worker)).size
      const text =
        `${count(total - missing.size)} of ${count(total)} runs are made, ${running.length} are running on `
        + `${workers} workers${left}`
      const hint = workers === 0 && missing.size > 0 ? '. Start one: npm run sentinel -- work --queue ...' : ''
      if (screen.terminal) screen.redraw(text + hint)
      else screen.line(text + hint)
    },
  }
}
