import { plugin } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'
import { most } from './curve'

/**
 * Sparsity to which the method is going to prune, over the whole run, in at most `most` points; steps are numbered as
 * in the charts.
 */
export function plannedSparsity({
  method,
  training,
}: Experiment): readonly { readonly step: number; readonly sparsity: number }[] {
  const plan = plugin('method', method.id).plan(method.values, training.steps)
  let sparsity =
    plan.scoringBatches > 0 ? (lastOf(plan.scoringBatches, (i) => plan.scoring(i)) ?? 0) : (plan.initial ?? 0)
  const stride = Math.max(1, Math.ceil(training.steps / (most - 1)))
  const points = [{ step: 0, sparsity }]
  for (let t = 0; t < training.steps; t++) {
    sparsity = plan.training(t) ?? sparsity
    if ((t + 1) % stride === 0 || t === training.steps - 1) points.push({ step: t + 1, sparsity })
  }
  return points
}

function lastOf(batches: number, scoring: (i: number) => number | undefined): number | undefined {
  return Array.from({ length: batches }, (_, i) => scoring(i)).findLast((sparsity) => sparsity !== undefined)
}
