import type { Experiment } from '../../core/experiment'
import type { Layout } from '../../core/layout'
import type { InputSpec, Model } from '../../core/model'
import type { Objective } from '../../core/objective'
import type { Pruning } from '../../core/pruning'
import type { BackendReport } from '../../core/trainer'

/** What every executor is made from. */
export interface Blueprint {
  readonly experiment: Experiment
  /** What the experiment's method says, for all parts of the run. */
  readonly pruning: Pruning
  /** The experiment's model, with what its method does within the forward pass. */
  readonly model: Model
  /** What it learns in the place of the task, before a run. */
  readonly objective?: Objective
  readonly input: InputSpec
  readonly layout: Layout
  readonly report: BackendReport
}

/** 32-bit numbers in the labels of a batch: a class an example, or what the objective has to know. */
export function labelCount({ experiment, model, objective, input }: Blueprint): number {
  const { batch } = experiment.training
  return batch * (objective?.words({ model, values: experiment.model.values, input }) ?? 1)
}
