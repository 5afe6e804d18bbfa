import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { runId } from '../../config/identity'
import { fromLink } from '../../config/link'
import { methodLabel } from '../../config/methodLabel'
import { messageOf, Problem, type ProblemData } from '../../core/problem'
import { readCheckpoint } from '../../engine/run/checkpointFile'
import type { Lease, RunFiles, RunQueue } from '../../queue/runQueue'
import { keepCheckpoint } from '../checkpoints'
import { duration } from '../progress'
import { runFolder } from '../result'
import type { RunOptions } from '../run'
import type { Screen } from '../screen'
import { isAlive, isFull } from '../writeWhole'
import { openComputer, type Computer, type Ended } from './computer'

/** Options of `sentinel work`. */
export interface WorkOptions extends Pick<RunOptions, 'data' | 'backend' | 'allowSoftware' | 'saveEvery'> {
  /** Runs at a time, each in a process of its own. */
  readonly concurrency: number
  /** Ends when no run is left, instead of waiting for more. */
  readonly untilEmpty: boolean
}

/** Milliseconds between two looks into an empty queue. */
const idleMs = 1000
/** Milliseconds between two messages of how far a run is, where the lock does not ask for more of them. */
const tellMs = 5000
/** A run that says nothing for so long hangs: an hour, in milliseconds. */
const silenceMs = 3_600_000
/** So many runs that fail one after the other are this machine's fault. */
const failuresInARow = 3
const folderName = 'sentinel-work-'

/**
 * Makes runs of a queue until the signal fires; then they are saved and given back.
 * @throws Problem where this machine cannot go on; others go on with its runs
 */
export async function work(
  queue: RunQueue,
  options: WorkOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<'finished' | 'interrupted'> {
  clearAbandoned()
  const folder = mkdtempSync(join(tmpdir(), `${folderName}${process.pid}-`))
  const interrupt = new AbortController()
  const stop = () => {
    interrupt.abort()
  }
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    const name = `${hostname()}.${process.pid}`
    const slots = Array.from({ length: options.concurrency }, async (_, i) => {
      const worker = options.concurrency > 1 ? `${name}.${i + 1}` : name
      const bench = { queue, worker, folder: join(folder, `${i}`), options, screen, signal: interrupt.signal }
      // What one of them cannot do, none can.
      await makeRuns(bench).finally(stop)
    })
    const failed = (await Promise.allSettled(slots)).find((slot) => slot.status === 'rejected')
    if (failed) throw failed.reason
    return signal.aborted ? 'interrupted' : 'finished'
  } finally {
    signal.removeEventListener('abort', stop)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Removes what workers that were killed left here. */
function clearAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${folderName}(\\d+)-`).exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** Where one run at a time is made. */
interface Bench {
  readonly queue: RunQueue
  readonly worker: string
  readonly folder: string
  readonly options: WorkOptions
  readonly screen: Screen
  readonly signal: AbortSignal
}

async function makeRuns(bench: Bench): Promise<void> {
  const { queue, worker, options, screen, signal } = bench
  const computer = openComputer()
  const failed = new Set<string>()
  try {
    while (!signal.aborted) {
      const lease = await queue.lease(worker)
      if (!lease) {
        if (options.untilEmpty && isEmpty(await queue.list())) return
        await setTimeout(idleMs, undefined, { signal }).catch(() => undefined)
        continue
      }
      const { id } = lease.job
      const problem = await makeRun(bench, computer, lease)
      if (!problem) {
        failed.clear()
        continue
      }
      screen.line(`Run ${id} failed on ${worker}. ${problem.what} ${problem.fix}`)
      if (failed.add(id).size >= failuresInARow)
        throw new Problem(
          `${failuresInARow} runs failed here one after the other, the last with: ${problem.what}`,
          `${problem.fix} Then start the worker again; others go on with its runs.`,
        )
    }
  } finally {
    computer.kill()
  }
}

function isEmpty({ waiting, running }: Awaited<ReturnType<RunQueue['list']>>): boolean {
  return waiting.length + running.length === 0
}

/** Makes one run. @returns its Problem, null where it has none @throws Problem where this machine cannot make any */
async function makeRun(bench: Bench, computer: Computer, lease: Lease): Promise<ProblemData | null> {
  const { queue, worker, folder, options, screen, signal } = bench
  const { job } = lease
  try {
    const { experiment } = fromLink(job.link)
    const at = runFolder(folder, runId(experiment), null)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(at, { recursive: true })
    const saved = lease.checkpoint && (await savedFrom(lease.checkpoint))
    if (saved) keepCheckpoint(at, saved.file)
    const from = saved?.step ?? 0
    screen.line(`Run ${job.id} on ${worker}: ${methodLabel(experiment)}${from > 0 ? `, from step ${from} on` : ''}`)
    const since = screen.now()
    const { data, backend, allowSoftware, saveEvery } = options
    const made = computer.run(job.link, {
      ...{ data, backend, allowSoftware, files: [], out: folder, force: false, failsWhenFull: true },
      ...(saveEvery === undefined ? {} : { saveEvery }),
    })
    const held = await hold(bench, computer, lease, at, from, made)
    if (held === 'lost') {
      screen.line(`Run ${job.id} is in other hands: its lock ran out on ${worker}.`)
      return null
    }
    if ('problem' in held) {
      if (held.full) throw fullDisk(held.problem)
      return (await queue.fail(lease, held.problem)) ? held.problem : null
    }
    if (held.outcome === 'interrupted') {
      await giveBack(queue, lease, at, from)
      screen.line(`Run ${job.id} was given back.`)
      return null
    }
    if (await queue.finish(lease, filesIn(at)))
      screen.line(`Run ${job.id} is finished, in ${duration((screen.now() - since) / 1000)}.`)
    return null
  } catch (error) {
    if (isFull(error) || signal.aborted) {
      await queue.giveBack(lease)
      throw isFull(error) ? fullDisk(Problem.from(error)) : error
    }
    const problem = new Problem(messageOf(error), 'See what the worker can do and what the run asks for.')
    await queue.fail(lease, (error instanceof Problem ? error : problem).toJSON())
    return problem
  }
}

function fullDisk({ what }: ProblemData): Problem {
  return new Problem(
    `The disk of this worker is full: ${what}`,
    'Free some room and start the worker again, or set TMPDIR to a folder with room; others go on with its run.',
    { cause: Object.assign(new Error(what), { code: 'ENOSPC' }) },
  )
}

/** Holds the lock and sends checkpoints on until the run ends; 'lost' where another worker has it. */
async function hold(
  { queue, signal }: Bench,
  computer: Computer,
  lease: Lease,
  at: string,
  from: number,
  made: Promise<Ended>,
): Promise<Ended | 'lost'> {
  const stop = () => {
    computer.stop()
  }
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const everyMs = Math.min(tellMs, queue.patience.lockMs / 4)
  try {
    for (let [sent, seen] = [from, changedAt(at)]; ;) {
      const pause = new AbortController()
      const tick = setTimeout(everyMs, null, { signal: pause.signal }).catch(() => null)
      const ended = await Promise.race([made, tick])
      pause.abort()
      if (ended) return ended
      if (performance.now() - computer.heard > silenceMs) {
        computer.kill()
        return { problem: silent(computer.step), full: false }
      }
      const changed = changedAt(at)
      const saved = changed === seen ? null : await savedIn(at)
      seen = changed
      const isNew = saved !== null && saved.step > sent
      if (isNew) sent = saved.step
      const isHeld = isNew
        ? await queue.save(lease, Math.max(computer.step, saved.step), saved.file)
        : await queue.extend(lease, Math.max(computer.step, sent))
      if (isHeld) continue
      computer.kill()
      return 'lost'
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function giveBack(queue: RunQueue, lease: Lease, at: string, from: number): Promise<void> {
  const saved = await savedIn(at)
  if (saved && saved.step > from) await queue.save(lease, saved.step, saved.file)
  await queue.giveBack(lease)
}

function silent(step: number): ProblemData {
  return {
    what: `The run said nothing for an hour after step ${step}.`,
    fix: 'Run it by itself, perhaps on another backend, to see where it stops.',
  }
}

interface Saved {
  readonly step: number
  readonly file: Uint8Array
}

const checkpointIn = (folder: string) => join(folder, 'checkpoint.safetensors')

/** When a run was saved last; 0 before that. */
function changedAt(folder: string): number {
  return statSync(checkpointIn(folder), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** The newest checkpoint in a folder; null where there is none, or it changes just now. */
async function savedIn(folder: string): Promise<Saved | null> {
  return existsSync(checkpointIn(folder)) ? savedFrom(readFileSync(checkpointIn(folder))) : null
}

/** Null for a checkpoint that is damaged, or of another version. */
async function savedFrom(bytes: Uint8Array): Promise<Saved | null> {
  const file = Uint8Array.from(bytes)
  return readCheckpoint(file, 'checkpoint').then(
    ({ step }) => ({ step, file }),
    () => null,
  )
}

function filesIn(folder: string): RunFiles {
  const names = readdirSync(folder).filter((name) => name === 'result.json' || name.startsWith('weights.'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]))
}
