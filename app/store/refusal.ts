import { usualInput } from '../../src/config/cost'
import { plugin } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'
import type { ProblemData } from '../../src/core/problem'

/**
 * Why the method's settings make no sense together, or with this model and data; known before anything is loaded.
 * Opening is refused with it.
 */
export function refusalOf({ data, model, method: { id, values } }: Experiment): ProblemData | undefined {
  return plugin('method', id).refuses?.(values, usualInput(data.id, data.values), model.values)
}
