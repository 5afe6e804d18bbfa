import { plugin } from '../../config/registries'
import type { Experiment } from '../../core/experiment'
import type { InputSpec } from '../../core/model'
import { Problem } from '../../core/problem'

/**
 * @throws Problem where the experiment's method refuses its own values, the model's, or what that reads once it is
 * known
 */
export function refuse({ method: { id, values }, model }: Experiment, input?: InputSpec): void {
  const refusal = plugin('method', id).refuses?.(values, input, model.values)
  if (refusal) throw new Problem(refusal.what, refusal.fix)
}
