import type { Experiment } from '../../core/experiment'
import type { Layout } from '../../core/layout'
import type { InputSpec } from '../../core/model'
import type { BackendReport } from '../../core/trainer'

/** What every executor is made from. */
export interface Blueprint {
  readonly experiment: Experiment
  readonly input: InputSpec
  readonly layout: Layout
  readonly report: BackendReport
}
