import { shortPercent } from '../core/figures'
import type { Experiment } from '../core/experiment'
import { shownKnobs } from '../core/knob'
import { methodLabel, sparsityName } from './methodLabel'
import { knobsOf } from './registries'

/** What tells runs of the same data, model and training apart: "Magnitude, one-shot, 95 %, seed 1". */
export function runLabel(experiment: Experiment): string {
  const { values } = experiment.method
  const sparsity = shownKnobs(knobsOf(experiment, 'method'), values).includes(sparsityName)
    ? values[sparsityName]
    : undefined
  return [
    methodLabel(experiment),
    ...(typeof sparsity === 'number' ? [shortPercent(sparsity)] : []),
    `seed ${experiment.seed}`,
  ].join(', ')
}
