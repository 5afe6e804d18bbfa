/** A comparison's runs, one after the other on the page's one engine. A run that is kept already is not made again. */
import type { StoreApi } from 'zustand/vanilla'
import { plannedRuns, type PlannedRun, type Recipe } from '../../src/config/recipe'
import type { Experiment } from '../../src/core/experiment'
import { keptId, ownFiles } from './ownFiles'
import { refusalOf } from './refusal'
import { isComplete, type KeptRun } from './runs'
import type { AppState } from './state'

/** What is being compared, and how far that is. */
export interface Comparing {
  /** Null while no comparison is set up; part of the link. */
  readonly recipe: Recipe | null
  readonly queue: Queue | null
}

export interface Queue {
  readonly state: 'running' | 'stopped' | 'finished'
  readonly runs: readonly PlannedRun[]
  /** Id of the run under way, null between and after runs. */
  readonly current: string | null
  readonly failed: readonly Failure[]
  /** Runs made by this queue, and the seconds that they took, loading included. */
  readonly made: number
  readonly seconds: number
}

/** A run that did not open, or whose training failed, and what was wrong. */
export interface Failure {
  readonly runId: string
  readonly why: string
}

/** How an attempt at a run ended; `taken` when somebody stopped it or opened another one. */
export type Ending = 'finished' | 'failed' | 'unopened' | 'taken'

/** Opens an experiment on the user's files and trains it to its end. */
export type Train = (experiment: Experiment, files: readonly File[]) => Promise<Ending>

/** No comparison. */
export const notComparing: Comparing = { recipe: null, queue: null }

/** Another recipe; a queue that has ended says nothing about it. */
export function withRecipe({ queue }: Comparing, recipe: Recipe | null): Comparing {
  return { recipe, queue: queue?.state === 'running' ? queue : null }
}

/** Every run of the recipe but those of methods that refuse model or data, by the id under which it is kept. */
export function possibleRuns(recipe: Recipe, experiment: Experiment, files: readonly File[]): readonly PlannedRun[] {
  const own = ownFiles(experiment, files)
  return plannedRuns(recipe, experiment).filter((run) => refusalOf(run.experiment) === undefined)
    .map((run) => ({ ...run, runId: keptId(run.runId, own) }))
}

/** Starts the queue of the set-up's recipe; ends when it is finished or stopped. A second call while it runs does nothing. */
export async function runQueue(store: StoreApi<AppState>, train: Train, now: () => number): Promise<void> {
  const { setup, comparing } = store.getState()
  if (!comparing.recipe || comparing.queue?.state === 'running') return
  const runs = possibleRuns(comparing.recipe, setup.experiment, setup.files)
  const fresh: Queue = { state: 'running', runs, current: null, failed: [], made: 0, seconds: 0 }
  store.setState((s) => ({ comparing: { ...s.comparing, queue: fresh } }))
  // Method of the last attempt where that did not open: if another one does not open either, the fault is not the method's.
  let shut: string | null = null
  for (const run of runs) {
    if (!isRunning(store)) return
    if (isKept(store.getState().runs, run)) continue
    const ending = await attempt(store, run, (experiment) => train(experiment, setup.files), now)
    const { id } = run.experiment.method
    if (ending === 'taken' || (ending === 'unopened' && shut !== null && shut !== id)) stopQueue(store)
    shut = ending === 'unopened' ? id : null
  }
  change(store, (queue) => ({ ...queue, state: queue.state === 'running' ? 'finished' : queue.state, current: null }))
}

/** The queue without further runs; the one under way is the caller's. */
export function stopQueue(store: StoreApi<AppState>): void {
  change(store, (queue) => ({ ...queue, state: queue.state === 'running' ? 'stopped' : queue.state, current: null }))
}

async function attempt(store: StoreApi<AppState>, { runId, experiment }: PlannedRun, train: (experiment: Experiment) => Promise<Ending>, now: () => number): Promise<Ending> {
  const begun = now()
  change(store, (queue) => ({ ...queue, current: runId }))
  const ending = await train(experiment)
  const seconds = (now() - begun) / 1000
  const why = store.getState().run.problem?.what ?? 'The run failed.'
  change(store, (queue) => ({
    ...queue, current: null, made: queue.made + (ending === 'finished' ? 1 : 0), seconds: queue.seconds + (ending === 'finished' ? seconds : 0),
    failed: ending === 'failed' || ending === 'unopened' ? [...queue.failed, { runId, why }] : queue.failed,
  }))
  return ending
}

/** Whether the run is there already, done to its end. */
export function isKept(runs: readonly KeptRun[], { runId }: PlannedRun): boolean {
  return runs.some((run) => run.runId === runId && isComplete(run))
}

/** Seconds until the queue is through, null while nothing is known; `secondsLeft` is of the run under way. */
export function queueSecondsLeft(queue: Queue, waiting: number, run: { readonly msPerStep: number; readonly secondsLeft: number; readonly steps: number }): number | null {
  const each = queue.made > 0 ? queue.seconds / queue.made : (run.msPerStep * run.steps) / 1000
  return each > 0 ? run.secondsLeft + Math.max(0, waiting - (queue.current === null ? 0 : 1)) * each : null
}

function isRunning(store: StoreApi<AppState>): boolean {
  return store.getState().comparing.queue?.state === 'running'
}

function change(store: StoreApi<AppState>, next: (queue: Queue) => Queue): void {
  store.setState(({ comparing }) => (comparing.queue ? { comparing: { ...comparing, queue: next(comparing.queue) } } : {}))
}
