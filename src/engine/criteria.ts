import type { Criterion } from './executor'

/** SEVEN's importance: what makes a sentinel, whatever the method. */
export function importanceCriterion(seed: number): Criterion {
  return { formula: { wgsl: 'x.importance', js: (x) => x.importance }, values: {}, seed }
}

/** |w g| of the latest batch: what makes a temporary sentinel, if it is no sentinel. */
export function sensitivityCriterion(seed: number): Criterion {
  return { formula: { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) }, values: {}, seed }
}
