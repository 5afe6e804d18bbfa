import type { Choice } from '../core/experiment'
import { scoreOf } from '../core/method'
import { plugin } from '../config/registries'
import type { Criterion } from './executor'

/** Every formula by which a method ranks weights on the device, once each; cuts that are made in JavaScript need none. */
export function criteriaOf({ id, values }: Choice): Criterion[] {
  const method = plugin('method', id)
  if (method.cut ?? method.plan(values, 1).calibration) return []
  const { initialScore, grow, statistics } = method
  const formulas = new Set([scoreOf(method, values), initialScore, grow].filter((formula) => formula !== undefined))
  return [...formulas].map((formula) => ({ formula, values, names: statistics?.names ?? [] }))
}

/** SEVEN's importance: what makes a sentinel, whatever the method. */
export const importanceCriterion: Criterion = { formula: { wgsl: 'x.importance', js: (x) => x.importance }, values: {}, names: [] }

/** |w g| of the latest batch: what makes a temporary sentinel, if it is no sentinel. */
export const sensitivityCriterion: Criterion = {
  formula: { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) }, values: {}, names: [],
}
