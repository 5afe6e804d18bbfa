import { plugin } from '../../src/config/registries'
import type { LoadProgress } from '../../src/core/dataset'
import type { Experiment } from '../../src/core/experiment'
import type { WatchedCut } from '../../src/core/instability'
import type { GateCounts } from '../../src/core/gateCounts'
import type { MapScale } from '../../src/core/mapModes'
import type { ProblemData } from '../../src/core/problem'
import type { Recorded } from '../../src/core/recorded'
import type {
  BackendChoice,
  CompileProgress,
  Evaluation,
  LayerSparsity,
  NoiseBounds,
  NoisePoint,
  Opened,
  Phase,
  PretrainingProgress,
  RunResult,
  StepMetrics,
  TrainerEvent,
} from '../../src/core/trainer'
import { withFrame } from '../../src/past/withFrame'
import { emptyCurve, extendCurve, thin, type Curve } from './curve'
import { linkOf } from './linkOf'

/** Which of a comparison's runs it is: 2 of 12. */
export interface Place {
  readonly run: number
  readonly of: number
}

/** Exactly what was asked of the engine, to see whether the set-up has changed since. */
export interface Asked {
  readonly experiment: Experiment
  readonly files: readonly File[]
  /** Null for a run that no comparison asked for. */
  readonly place: Place | null
  readonly backend: BackendChoice
  readonly allowSoftware: boolean
}

/** Training before the task: how far it is, and its losses, thinned. */
export interface PretrainingCurve extends Omit<PretrainingProgress, 'losses'> {
  readonly curve: Curve
}

/** What is known of the run that is opened; made of trainer events only. */
export interface RunState {
  readonly phase: Phase
  readonly text: string
  readonly asked: Asked | null
  readonly loading: LoadProgress | null
  readonly compiling: CompileProgress | null
  readonly opened: Opened | null
  /** What was learnt before the task; null where nothing is, or has been yet. */
  readonly pretraining: PretrainingCurve | null
  /** Counts openings and restarts, so that views of an earlier one can be made anew. */
  readonly generation: number
  readonly curve: Curve
  readonly last: StepMetrics | null
  readonly msPerStep: number
  readonly secondsLeft: number
  readonly evaluations: readonly Evaluation[]
  /** Mask changes that were watched, in their order. */
  readonly cuts: readonly WatchedCut[]
  readonly layers: readonly LayerSparsity[]
  readonly classes: Extract<TrainerEvent, { type: 'classes' }> | null
  readonly noise: readonly NoisePoint[]
  readonly bounds: NoiseBounds
  /** What its weights were, for looks back, as far as there is room. */
  readonly record: Recorded
  /** The colours of the number that the map shows; null until they are told. */
  readonly scale: MapScale | null
  /** Null where the run has no gates. */
  readonly gates: GateCounts | null
  readonly notes: readonly string[]
  readonly slow: { readonly msPerStep: number; readonly secondsLeft: number } | null
  readonly problem: ProblemData | null
  readonly result: RunResult | null
  /** Whether the engine keeps it for the next visit, to go on with it there. */
  readonly saved: boolean
  /** Whether the browser has no room for its newest steps. */
  readonly stale: boolean
}

const nothingMeasured = {
  curve: emptyCurve,
  last: null,
  msPerStep: 0,
  secondsLeft: 0,
  evaluations: [],
  cuts: [],
  classes: null,
  noise: [],
  bounds: [],
  record: { matrices: [], frames: [] },
  scale: null,
  gates: null,
  notes: [],
  slow: null,
  problem: null,
  result: null,
} as const

/** Before anything was opened. */
export const emptyRun: RunState = {
  phase: 'idle',
  text: '',
  asked: null,
  loading: null,
  compiling: null,
  opened: null,
  pretraining: null,
  generation: 0,
  layers: [],
  saved: false,
  stale: false,
  ...nothingMeasured,
}

/**
 * The run when opening begins: nothing of the last one is left here; its result was kept before.
 * @param saved whether it goes on from where it was saved
 */
export function opening(run: RunState, asked: Asked, saved = false): RunState {
  return { ...emptyRun, phase: 'loading', text: 'Starting the engine', asked, generation: run.generation + 1, saved }
}

/** The opened run back at step 0. */
export function restarted(run: RunState): RunState {
  const { layers = [], matrices = [] } = run.opened ?? {}
  return { ...run, ...nothingMeasured, layers, record: { matrices, frames: [] } }
}

/** The same when the user resets it: then it belongs to no comparison any more. */
export function restartedAlone(run: RunState): RunState {
  const asked = run.asked && { ...run.asked, place: null }
  return { ...restarted(run), phase: 'ready', asked, saved: false, stale: false }
}

/** The run after an event of the trainer. */
export function reduceRun(run: RunState, event: TrainerEvent): RunState {
  switch (event.type) {
    case 'phase':
      return {
        ...run,
        phase: event.phase,
        text: event.text,
        loading: event.phase === 'loading' ? run.loading : null,
        compiling: null,
      }
    case 'loading':
      return { ...run, loading: event.progress }
    case 'compiling':
      return { ...run, compiling: event.progress }
    case 'opened':
      return { ...restarted({ ...run, opened: event.opened }), notes: run.notes }
    case 'pretraining':
      return { ...run, pretraining: pretrainingAfter(run.pretraining, event.progress) }
    case 'steps':
      return stepped(run, event)
    case 'evaluation':
      return { ...run, evaluations: thinKept([...run.evaluations, event.evaluation]) }
    case 'cut':
      return { ...run, cuts: [...run.cuts, event.cut] }
    case 'layers':
      return { ...run, layers: event.layers }
    case 'classes':
      return { ...run, classes: event }
    case 'noise':
      return { ...run, noise: thin(event.points), bounds: event.bounds }
    case 'scale':
      return { ...run, scale: event.scale }
    case 'gates':
      return { ...run, gates: event.gates }
    case 'frame':
      return { ...run, record: { ...run.record, frames: withFrame(run.record.frames, event.frame) } }
    case 'note':
      return run.notes.includes(event.text) ? run : { ...run, notes: [...run.notes, event.text].slice(-12) }
    case 'slow':
      return { ...run, slow: { msPerStep: event.msPerStep, secondsLeft: event.secondsLeft } }
    case 'problem':
      return { ...run, problem: event.problem }
    case 'finished':
      return { ...run, result: event.result, layers: event.result.layers }
    case 'saved':
    case 'stale':
    case 'unsaved':
      // What is told may be about a run before this one.
      return run.asked && linkOf(run.asked.experiment) === event.link ? { ...run, ...safetyAfter(event.type) } : run
  }
  return event satisfies never
}

function safetyAfter(told: 'saved' | 'stale' | 'unsaved'): Partial<RunState> {
  return told === 'stale' ? { stale: true } : { saved: told === 'saved', stale: false }
}

/** The curve after more losses; one that begins anew forgets the one before. */
function pretrainingAfter(before: PretrainingCurve | null, progress: PretrainingProgress): PretrainingCurve {
  const { losses, ...rest } = progress
  const goesOn = before !== null && (losses[0]?.step ?? 0) > before.step
  const curve = extendCurve(
    goesOn ? before.curve : emptyCurve,
    losses.map(({ step, loss }) => ({ step, loss, sparsity: 0, gradientNorm: 0, rate: 0 })),
  )
  return { ...rest, curve }
}

function stepped(run: RunState, event: Extract<TrainerEvent, { type: 'steps' }>): RunState {
  const last = event.steps.at(-1)
  if (!last) return run
  return {
    ...run,
    curve: extendCurve(run.curve, event.steps),
    last,
    msPerStep: event.msPerStep,
    secondsLeft: event.secondsLeft,
  }
}

/** Of many periodic measurements some are dropped; those that make the result always stay. */
function thinKept(evaluations: readonly Evaluation[]): readonly Evaluation[] {
  if (evaluations.length <= 400) return evaluations
  const periodic = evaluations.filter((e) => e.moment === 'periodic')
  const kept = new Set(periodic.filter((_, i) => i % 2 === 1))
  return evaluations.filter((e) => e.moment !== 'periodic' || kept.has(e))
}

/** Whether steps are being made right now. */
export function isBusy(phase: Phase): boolean {
  return phase === 'loading' || phase === 'compiling' || phase === 'scoring' || phase === 'running'
}

/** Whether the run has begun and is not at its end: leaving it loses steps. */
export function isUnfinished(phase: Phase): boolean {
  return phase === 'scoring' || phase === 'running' || phase === 'paused'
}

/** Whether the model has not come to its task yet: it learns something else first, or was paused or left in that. */
export function isBeforeTask({ asked, last, pretraining }: RunState): boolean {
  if (!asked || last || !plugin('start', asked.experiment.start.id).pretraining) return false
  return !pretraining || pretraining.step < pretraining.steps
}

/** Whether the engine holds a run that can be continued, stepped or reset. */
export function isOpen(run: RunState): boolean {
  return (
    run.opened !== null
    && (run.phase === 'ready' || run.phase === 'paused' || run.phase === 'finished' || run.phase === 'stopped')
  )
}
