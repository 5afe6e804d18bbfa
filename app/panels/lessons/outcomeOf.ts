import { classesOf } from '../../../src/config/measures'
import type { Experiment } from '../../../src/core/experiment'
import { sizeOf } from '../../../src/core/sentinels'
import type { Outcome } from '../../../src/lessons/lesson'
import { isComplete } from '../../store/runs'
import { idOf, type AppState } from '../../store/state'

/** What came of an experiment, from its kept run; null while it has not ended. @param open the run must be open, too */
export function outcomeOf({ runs, run }: AppState, experiment: Experiment, open: boolean): Outcome | null {
  const id = idOf(experiment)
  const kept = runs.find(({ runId }) => runId === id)
  const result = run.result?.runId === id ? run.result : null
  if (!kept || !isComplete(kept) || (open && !result)) return null
  const report = result?.inference ?? null
  const ratios = (report?.latency ?? []).flatMap(({ denseMs, prunedMs, compactMs }) =>
    [prunedMs, compactMs].flatMap((ms) => (ms === null ? [] : [denseMs / ms])),
  )
  return {
    accuracy: kept.end.accuracy,
    pruned: kept.pruned?.accuracy ?? null,
    kept: kept.kept,
    prunable: kept.prunable,
    classes: classesOf(kept.measures),
    temporary: result ? run.record.frames.map(({ step, classes }) => ({ step, count: sizeOf(classes.temporary) })) : [],
    inTheory: report?.theoreticalSpeedup ?? kept.speedup,
    measured: ratios.length > 0 ? Math.max(...ratios) : null,
  }
}
