import { plugin } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'
import { most } from './curve'

/** A change of the planned sparsity, once `step` steps are done; 0 for before training. */
export interface PlannedCut {
  readonly step: number
  readonly sparsity: number
}

const known = new WeakMap<Experiment, readonly PlannedCut[]>()

/** Every change of the sparsity that the method plans, in order; empty for a whole model. */
export function plannedCuts(experiment: Experiment): readonly PlannedCut[] {
  const cuts = known.get(experiment) ?? findCuts(experiment)
  known.set(experiment, cuts)
  return cuts
}

function findCuts({ method, training }: Experiment): readonly PlannedCut[] {
  const plan = plugin('method', method.id).plan(method.values, training.steps)
  const start =
    plan.scoringBatches > 0 ? (lastOf(plan.scoringBatches, (i) => plan.scoring(i)) ?? 0) : (plan.initial ?? 0)
  const cuts: PlannedCut[] = start > 0 ? [{ step: 0, sparsity: start }] : []
  for (let t = 0; t < training.steps; t++) {
    const sparsity = plan.training(t) ?? sparsityAt(cuts)
    if (sparsity !== sparsityAt(cuts)) cuts.push({ step: t + 1, sparsity })
  }
  return cuts
}

function sparsityAt(cuts: readonly PlannedCut[]): number {
  return cuts.at(-1)?.sparsity ?? 0
}

/** Whether the weights themselves decide how many are cut. */
export function isUnplanned({ method, training }: Experiment): boolean {
  return plugin('method', method.id).plan(method.values, training.steps).threshold !== undefined
}

/** Sparsity to which the method is going to prune, over the whole run, in at most `most` points. */
export function plannedSparsity(experiment: Experiment): readonly PlannedCut[] {
  const { steps } = experiment.training
  const cuts = plannedCuts(experiment)
  const stride = Math.max(1, Math.ceil(steps / (most - 1)))
  const points: PlannedCut[] = []
  let made = 0
  for (let step = 0; step < steps + stride; step += stride) {
    const at = Math.min(step, steps)
    while (made < cuts.length && (cuts[made]?.step ?? 0) <= at) made++
    points.push({ step: at, sparsity: cuts[made - 1]?.sparsity ?? 0 })
    if (at === steps) break
  }
  return points
}

function lastOf(batches: number, scoring: (i: number) => number | undefined): number | undefined {
  return Array.from({ length: batches }, (_, i) => scoring(i)).findLast((sparsity) => sparsity !== undefined)
}
