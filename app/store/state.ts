import { runId } from '../../src/config/identity'
import { plugin } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'
import type { LeftRun } from './left'
import { isUnderWay, type Comparing } from './queue'
import type { RunState } from './run'
import type { Entry } from './kept/entry'
import type { KeptState } from './kept/keeper'
import type { SetupState } from './setup'
import type { UiState } from './ui'

/** Everything the page shows, as plain data. */
export interface AppState extends KeptState {
  readonly setup: SetupState
  readonly run: RunState
  /** Runs that were removed last, which can be brought back. */
  readonly removed: readonly Entry[]
  /** Id of the kept run that map and charts show; null for the open run. */
  readonly picked: string | null
  readonly comparing: Comparing
  /** The run in which the page was left on the last visit, until it has ended or a run is saved in its place. */
  readonly left: LeftRun | null
  readonly ui: UiState
}

/** Whether the opened run is another one than the set-up describes. */
export function isChanged({ setup, run, ui }: AppState): boolean {
  if (!run.asked) return false
  const { asked } = run
  return (
    idOf(asked.experiment) !== idOf(setup.experiment)
    || asked.backend !== ui.backend
    || asked.allowSoftware !== ui.allowSoftware
    || (plugin('data', setup.experiment.data.id).ownFiles === true && asked.files !== setup.files)
  )
}

/** Whether the run in which the page was left can go on now: nothing else has the engine. */
export function isLeftOffered({ left, run: { phase }, comparing }: AppState): boolean {
  return left !== null && (phase === 'idle' || phase === 'failed') && !isUnderWay(comparing)
}

/** Run ids by experiment: this is asked at every event of a run, and an experiment never changes in place. */
const ids = new WeakMap<Experiment, string>()

/** The run id of an experiment. */
export function idOf(experiment: Experiment): string {
  const known = ids.get(experiment) ?? runId(experiment)
  ids.set(experiment, known)
  return known
}
