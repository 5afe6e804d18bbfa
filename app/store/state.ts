import { runId } from '../../src/config/identity'
import { toLink } from '../../src/config/link'
import type { Role } from '../../src/config/role'
import { readsFiles } from '../../src/config/registries'
import type { StoredFile } from '../../src/core/host'
import type { Attempt } from '../../src/core/attempt'
import type { Recorded } from '../../src/core/recorded'
import type { NoisePoint } from '../../src/core/trainer'
import type { Left } from './left'
import { linkOf } from './linkOf'
import { isUnderWay, type Comparing } from './queue'
import { remembered } from './remembered'
import { isBusy, isUnfinished, type RunState } from './run'
import type { Entry } from './kept/entry'
import type { KeptState } from './kept/keeper'
import type { Recording } from './kept/recordingFile'
import type { SetupState } from './setup'
import type { UiState } from './ui'

/** Everything the page shows, as plain data. */
export interface AppState extends KeptState {
  readonly setup: SetupState
  /** What the link asks of the page besides its experiment. */
  readonly role: Role
  readonly run: RunState
  /** Runs of which the weights at their end are kept, by the ids under which the runs are kept. */
  readonly weights: readonly StoredFile[]
  /** A run was asked for, and opens or is open: its first step comes next. */
  readonly starting: boolean
  /** Runs that were removed last, which can be brought back. */
  readonly removed: readonly Entry[]
  /** Id of the kept run that map and charts show; null for the open run. */
  readonly picked: string | null
  /** The course of the picked run's weights; null where it is not known, or not read yet. */
  readonly pickedRecord: { readonly runId: string; readonly record: Recorded } | null
  /** The run that came with the page, where it is shown in the place of one that could not start. */
  readonly recording: Recording | null
  /** The moment that map and charts show; null for now. */
  readonly past: Past | null
  /** What "Try it" puts before the model, and of which opening that was asked; null for the first example. */
  readonly tried: { readonly generation: number; readonly asked: Attempt } | null
  readonly pointed: Pointed
  readonly comparing: Comparing
  /** Runs and comparisons that were saved and have not come to their end, here or on earlier visits; newest first. */
  readonly left: readonly Left[]
  /** What other tabs train. */
  readonly elsewhere: readonly Elsewhere[]
  readonly ui: UiState
}

/** A moment of a run that is looked back at. */
export interface Past {
  /** `shownKey` of the run: of another one, there is no such moment. */
  readonly of: string
  /** Of one of its frames. */
  readonly step: number
}

/** Weights that the reader points at: in a chart, by flat index; on the map, and the one that is followed there. */
export interface Pointed {
  readonly chart: number | null
  readonly map: NoisePoint | null
  readonly followed: NoisePoint | null
}

/** A run or a comparison that another tab has. */
export interface Elsewhere {
  /** Name of the lock by which that tab has it. */
  readonly claim: string
  /** Empty where it reads files of the user. */
  readonly link: string
}

/** The link of the page: the set-up, its comparison, and the role in which the page was opened. */
export function pageLink({ setup, comparing, role }: AppState): string {
  return toLink(setup.experiment, comparing.recipe, role)
}

/** Whether the opened run is another one than the set-up describes. */
export function isChanged({ setup, run, ui }: AppState): boolean {
  if (!run.asked) return false
  const { asked } = run
  return (
    idOf(asked.experiment) !== idOf(setup.experiment)
    || asked.backend !== ui.backend
    || asked.allowSoftware !== ui.allowSoftware
    || (readsFiles(setup.experiment) && asked.files !== setup.files)
  )
}

/** What was left and can go on here: no other tab has it, and it is no part of a comparison that is offered itself. */
export function leftHere({ left, elsewhere }: Pick<AppState, 'left' | 'elsewhere'>): readonly Left[] {
  const others = new Set(elsewhere.map(({ link }) => link))
  const whole = new Set([...others, ...left.map(({ link }) => link)])
  return left.filter(({ link, within }) => !others.has(link) && (within === undefined || !whole.has(within)))
}

/** Whether another tab goes on with the run that was open here, or with the comparison that asked for it. */
export function isElsewhere({ run: { phase, asked }, left, elsewhere }: AppState): boolean {
  if (phase !== 'idle' || asked === null) return false
  const own = linkOf(asked.experiment)
  const within = left.find(({ link }) => link === own)?.within
  return elsewhere.some(({ link }) => link === own || link === within)
}

/** Whether a run opens, or is open and about to make its first step: it can be given up, and nothing else begins. */
export function isOpening({ run: { phase }, starting }: AppState): boolean {
  return phase === 'loading' || phase === 'compiling' || (starting && phase === 'ready')
}

/** Whether something else can have the engine: nothing trains here, and nothing is paused. */
export function isFree({ run: { phase }, comparing }: AppState): boolean {
  return !isBusy(phase) && !isUnfinished(phase) && !isUnderWay(comparing)
}

/** The run id of an experiment. */
export const idOf = remembered(runId)
