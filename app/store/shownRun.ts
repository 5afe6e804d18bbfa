import { classesOf } from '../../src/config/measures'
import { emptyRun, type RunState } from './run'
import { curveOf } from './history'
import { keptId, ownFiles } from './ownFiles'
import type { KeptRun } from './runs'
import { idOf, isChanged, type AppState } from './state'

/**
 * The kept run that map and charts show, null where they show the open run; if that is the open run, it is shown
 * instead of its kept copy, for it has a map.
 */
export function shownKept({ picked, runs, run }: AppState): KeptRun | null {
  return picked === null || picked === endedId(run) ? null : (runs.find(({ runId }) => runId === picked) ?? null)
}

/** Id under which the run that map and charts show is kept; null while it has not ended. */
export function shownId(state: AppState): string | null {
  return shownKept(state)?.runId ?? endedId(state.run)
}

function endedId({ asked, result }: RunState): string | null {
  return asked && result ? keptId(idOf(asked.experiment), ownFiles(asked.experiment, asked.files)) : null
}

/** The run that map and charts show: the one that is open, or what is kept of the one that was picked. */
export function shownRun(state: AppState): RunState {
  const kept = shownKept(state)
  return kept ? runOf(kept) : state.run
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
