import type { Experiment } from '../../core/experiment'
import type { Layout } from '../../core/layout'
import type { InputSpec } from '../../core/model'
import type { Pruning } from '../../core/pruning'
import type { BackendReport } from '../../core/trainer'

/** What every executor is made from. */
export interface Blueprint {
  readonly experiment: Experiment
  /** What the experiment's method says, for all parts of the run. */
  readonly pruning: Pruning
  readonly input: InputSpec
  readonly layout: Layout
  readonly report: BackendReport
}
