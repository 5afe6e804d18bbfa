/** A comparison's runs, one after the other on the page's one engine. A run that is kept already is not made again. */
import type { StoreApi } from 'zustand/vanilla'
import { toLink } from '../../src/config/link'
import { plannedRuns, type PlannedRun, type Recipe } from '../../src/config/recipe'
import type { Experiment } from '../../src/core/experiment'
import { keptId, ownFiles } from './ownFiles'
import { refusalOf } from './refusal'
import type { Place } from './run'
import { isComplete, type KeptRun } from './runs'
import type { AppState } from './state'
import { until } from './until'

/** The comparison, and how far it is. */
export interface Comparing {
  /** Null while no comparison is set up; part of the link. */
  readonly recipe: Recipe | null
  readonly queue: Queue | null
}

export interface Queue {
  /** While it is paused, no run begins or goes on. */
  readonly state: 'running' | 'paused' | 'stopped' | 'finished'
  readonly runs: readonly PlannedRun[]
  /** Of the comparison; null where it reads files of the user, which no other visit has. */
  readonly link: string | null
  /** Id of the run under way, null between and after runs. */
  readonly current: string | null
  readonly failed: readonly Failure[]
  /** Runs made by this queue, and the seconds that they took, loading included and pauses not. */
  readonly made: number
  readonly seconds: number
  /** When the pause began, in milliseconds since 1970, and the milliseconds of all pauses before it. */
  readonly pausedAt: number | null
  readonly waited: number
}

/** A run that did not open, or whose training failed, and what was wrong. */
export interface Failure {
  readonly runId: string
  readonly why: string
}

/** How an attempt at a run ended; `taken` when somebody stopped it or opened another one. */
export type Ending = 'finished' | 'failed' | 'unopened' | 'taken'

/** One run of a comparison, as it is asked of the engine. */
export interface QueuedRun {
  readonly experiment: Experiment
  readonly files: readonly File[]
  readonly place: Place
}

/** Opens a run and, once `mayStart` answers yes, trains it to its end; pauses included. */
export type Train = (run: QueuedRun, mayStart: () => Promise<boolean>) => Promise<Ending>

/** No comparison. */
export const notComparing: Comparing = { recipe: null, queue: null }

/** Sets another recipe; the state of a queue that has ended is dropped. */
export function withRecipe(comparing: Comparing, recipe: Recipe | null): Comparing {
  return { recipe, queue: isUnderWay(comparing) ? comparing.queue : null }
}

/** Whether a comparison has the engine: it runs, or it is paused. */
export function isUnderWay({ queue }: Comparing): boolean {
  return queue?.state === 'running' || queue?.state === 'paused'
}

/** Every run of the recipe but those of methods that refuse model or data, by the id under which it is kept. */
export function possibleRuns(recipe: Recipe, experiment: Experiment, files: readonly File[]): readonly PlannedRun[] {
  const own = ownFiles(experiment, files)
  return plannedRuns(recipe, experiment)
    .filter((run) => refusalOf(run.experiment) === undefined)
    .map((run) => ({ ...run, runId: keptId(run.runId, own) }))
}

/**
 * Starts the queue of the set-up's recipe; ends when it is finished or stopped. A second call meanwhile does nothing.
 * What is kept is not made again, so kept runs must have been read before.
 */
export async function runQueue(store: StoreApi<AppState>, train: Train, now: () => number): Promise<void> {
  const {
    setup: { experiment, files },
    comparing,
  } = store.getState()
  if (!comparing.recipe || isUnderWay(comparing)) return
  const runs = possibleRuns(comparing.recipe, experiment, files)
  const fresh: Queue = {
    state: 'running',
    runs,
    link: ownFiles(experiment, files) === '' ? toLink(experiment, comparing.recipe) : null,
    current: null,
    failed: [],
    made: 0,
    seconds: 0,
    pausedAt: null,
    waited: 0,
  }
  store.setState((s) => ({ comparing: { ...s.comparing, queue: fresh } }))
  // Method of the last attempt, if it did not open: if another method does not open either, the methods are not the
  // cause.
  let shut: string | null = null
  for (const [i, run] of runs.entries()) {
    if (isKept(store.getState().runs, run)) continue
    const place = { run: i + 1, of: runs.length }
    const ending = await attempt(
      store,
      run.runId,
      () => train({ experiment: run.experiment, files, place }, () => resumed(store)),
      now,
    )
    const { id } = run.experiment.method
    if (ending === 'taken' || (ending === 'unopened' && shut !== null && shut !== id)) stopQueue(store)
    shut = ending === 'unopened' ? id : null
    if (!(await resumed(store))) return
  }
  change(store, (queue) => ({ ...queue, state: 'finished', current: null }))
}

/** Begins no further run; the caller pauses the one under way. */
export function pauseQueue(store: StoreApi<AppState>, at: number): void {
  change(store, (queue) => (queue.state === 'running' ? { ...queue, state: 'paused', pausedAt: at } : queue))
}

/** Goes on with the runs; the caller continues one that is paused. */
export function resumeQueue(store: StoreApi<AppState>, at: number): void {
  change(store, (queue) =>
    queue.state === 'paused'
      ? { ...queue, state: 'running', pausedAt: null, waited: queue.waited + at - (queue.pausedAt ?? at) }
      : queue,
  )
}

/** Ends the queue; the caller stops the run under way. */
export function stopQueue(store: StoreApi<AppState>): void {
  change(store, (queue) => ({
    ...queue,
    state: queue.state === 'finished' ? 'finished' : 'stopped',
    current: null,
    pausedAt: null,
  }))
}

/** Lets go of the queue without ending the comparison: another tab goes on with it. */
export function leaveQueue(store: StoreApi<AppState>): void {
  store.setState(({ comparing }) => ({ comparing: { ...comparing, queue: null } }))
}

async function attempt(
  store: StoreApi<AppState>,
  runId: string,
  train: () => Promise<Ending>,
  now: () => number,
): Promise<Ending> {
  const begun = now() - waitedIn(store)
  change(store, (queue) => ({ ...queue, current: runId }))
  const ending = await train()
  const seconds = (now() - waitedIn(store) - begun) / 1000
  const why = store.getState().run.problem?.what ?? 'The run failed.'
  change(store, (queue) => ({
    ...queue,
    current: null,
    made: queue.made + (ending === 'finished' ? 1 : 0),
    seconds: queue.seconds + (ending === 'finished' ? seconds : 0),
    failed: ending === 'failed' || ending === 'unopened' ? [...queue.failed, { runId, why }] : queue.failed,
  }))
  return ending
}

/** Waits for the end of a pause. @returns whether the queue runs */
async function resumed(store: StoreApi<AppState>): Promise<boolean> {
  return until(store, ({ comparing: { queue } }) =>
    queue?.state === 'paused' ? undefined : queue?.state === 'running',
  )
}

function waitedIn(store: StoreApi<AppState>): number {
  return store.getState().comparing.queue?.waited ?? 0
}

/** Whether the run is there already, done to its end. */
export function isKept(runs: readonly KeptRun[], { runId }: PlannedRun): boolean {
  return runs.some((run) => run.runId === runId && isComplete(run))
}

/** Seconds until the queue is done, null while nothing is known; `secondsLeft` belongs to the run under way. */
export function queueSecondsLeft(
  queue: Queue,
  waiting: number,
  run: { readonly msPerStep: number; readonly secondsLeft: number; readonly steps: number },
): number | null {
  const each = queue.made > 0 ? queue.seconds / queue.made : (run.msPerStep * run.steps) / 1000
  return each > 0 ? run.secondsLeft + Math.max(0, waiting - (queue.current === null ? 0 : 1)) * each : null
}

function change(store: StoreApi<AppState>, next: (queue: Queue) => Queue): void {
  store.setState(({ comparing }) =>
    comparing.queue ? { comparing: { ...comparing, queue: next(comparing.queue) } } : {},
  )
}
