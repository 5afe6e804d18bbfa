import { runId } from '../../config/identity'
import type { Examples } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
import { showsScores } from '../../core/pruning'
import type { Opened } from '../../core/trainer'
import type { Executor } from '../executor/executor'
import { mapLayout } from '../../core/weightMap'

/** What is known of a run before its first step. @param majority share of the most frequent held-out class */
export function openedOf(experiment: Experiment, executor: Executor, examples: Examples, majority: number): Opened {
  const { layout, report } = executor
  return {
    runId: runId(experiment),
    backend: report,
    source: examples.source,
    classes: examples.classes,
    trainCount: examples.train.count,
    heldCount: examples.held.count,
    majority,
    parameters: layout.parameterCount,
    prunable: layout.prunableCount,
    layers: layout.prunable.map(({ name, size }) => ({ name, size, kept: size })),
    matrices: layout.prunable.map(({ name, shape, offset, size, units }) => ({
      name,
      shape,
      offset,
      size,
      ...(units ? { units } : {}),
    })),
    map: mapLayout(layout.prunable),
    scores: showsScores(executor.pruning),
  }
}
