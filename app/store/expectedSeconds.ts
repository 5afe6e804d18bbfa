import type { Experiment } from '../../src/core/experiment'
import { summarise } from '../../src/core/statistics'
import { familyKey } from './comparison'
import { ownFiles } from './ownFiles'
import { isComplete, type KeptRun } from './runs'

/** Runs that the mean is taken over: the newest, since the device or what else it does may have changed. */
const most = 10

/**
 * Seconds that a run like `experiment` takes here, whatever its method: the mean of the newest kept runs of the same
 * data, model and training, on the engine of the newest one. Null where none is kept.
 */
export function expectedSeconds(
  runs: readonly KeptRun[],
  experiment: Experiment,
  files: readonly File[],
): number | null {
  const family = familyKey(experiment, ownFiles(experiment, files))
  const alike = runs.filter((run) => isComplete(run) && familyKey(run.experiment, run.files) === family)
  const engine = alike.at(-1)?.backend.backend
  const newest = alike.filter((run) => run.backend.backend === engine).slice(-most)
  return summarise(newest.map((run) => run.seconds))?.mean ?? null
}
