import type { Choice } from '../../core/experiment'
import { scoreOf } from '../../core/method'
import { plugin } from '../../config/registries'
import type { Criterion } from './executor'

/**
 * Every formula by which a method ranks weights on the device, once each; cuts that are made in JavaScript need none.
 */
export function criteriaOf({ id, values }: Choice): Criterion[] {
  const method = plugin('method', id)
  if (method.cut !== undefined || method.plan(values, 1).calibration) return []
  const { initialScore, grow, statistics } = method
  const formulas = new Set([scoreOf(method, values), initialScore, grow].filter((formula) => formula !== undefined))
  return [...formulas].map((formula) => ({ formula, values, names: statistics?.names ?? [] }))
}
