import { classesOf } from '../../src/config/measures'
import type { Frame, Recorded } from '../../src/core/recorded'
import { emptyRun, type RunState } from './run'
import { curveOf } from './history'
import { keptId, ownFiles } from './ownFiles'
import { runAt } from './runAt'
import type { KeptRun } from './runs'
import { idOf, isChanged, type AppState } from './state'

/**
 * The kept run that map and charts show, or the recording; null where they show the open run. If that is the kept one,
 * it is shown instead of its kept copy, for it has a map.
 */
export function shownKept({ picked, runs, run, recording }: AppState): KeptRun | null {
  if (picked === null || picked === endedId(run)) return null
  return picked === recording?.run.runId ? recording.run : (runs.find(({ runId }) => runId === picked) ?? null)
}

/** Id under which the run that map and charts show is kept; null while it has not ended. */
export function shownId(state: AppState): string | null {
  return shownKept(state)?.runId ?? endedId(state.run)
}

/** Id under which a run is kept; null while it has not ended. */
export function endedId({ asked, result }: RunState): string | null {
  return asked && result ? keptId(idOf(asked.experiment), ownFiles(asked.experiment, asked.files)) : null
}

/** The run that map and charts show, as it was at the moment that they show: open, or what is kept of a picked one. */
export function shownRun(state: AppState): RunState {
  const run = wholeRun(state)
  const frame = shownFrame(state)
  return frame ? runAt(run, frame) : run
}

/** The run that map and charts show, as far as it has come. */
export function wholeRun(state: AppState): RunState {
  const kept = shownKept(state)
  if (!kept) return state.run
  const { pickedRecord } = state
  return pickedRecord?.runId === kept.runId ? recordedRun(runOf(kept), pickedRecord.record) : runOf(kept)
}

/** Names the run that map and charts show, as it was opened. */
export function shownKey(state: AppState): string {
  return shownKept(state)?.runId ?? `open ${state.run.generation}`
}

/** The frame of the moment that map and charts show; null where they show the run as it is now. */
export function shownFrame(state: AppState): Frame | null {
  const { past } = state
  if (!past || past.of !== shownKey(state)) return null
  return wholeRun(state).record.frames.findLast(({ step }) => step <= past.step) ?? null
}

/**
 * Whether the set-up is about the run that map and charts show. For a kept run the engine that made it does not count.
 */
export function isSetUp(state: AppState): boolean {
  const kept = shownKept(state)
  if (!kept) return !isChanged(state)
  const { experiment, files } = state.setup
  return keptId(idOf(experiment), ownFiles(experiment, files)) === kept.runId
}

/** Each is made once, since charts check whether their run is still the same object. */
const made = new WeakMap<KeptRun, RunState>()

const recorded = new WeakMap<Recorded, RunState>()

function recordedRun(run: RunState, record: Recorded): RunState {
  const next = recorded.get(record) ?? { ...run, record }
  recorded.set(record, next)
  return next
}

function runOf(kept: KeptRun): RunState {
  const known = made.get(kept)
  if (known) return known
  const { experiment, layers, history, pruned, end, steps } = kept
  const curve = history ? curveOf(history) : emptyRun.curve
  const last = curve.points.at(-1)
  const counts = classesOf(kept.measures)
  const run: RunState = {
    ...emptyRun,
    phase: 'finished',
    asked: { experiment, files: [], place: null, backend: kept.backend.backend, allowSoftware: kept.backend.software },
    layers,
    classes: counts && { type: 'classes', counts },
    curve,
    evaluations: history?.evaluations ?? [...(pruned ? [pruned] : []), end],
    cuts: history?.cuts ?? [],
    last: last ? { step: steps, loss: last.loss, gradientNorm: 0, rate: 0, sparsity: last.sparsity } : null,
  }
  made.set(kept, run)
  return run
}
