import { expect, test } from 'vitest'
import { sparsityOf } from '../../src/config/comparison'
import { defaultExperiment } from '../../src/config/defaults'
import { handResult } from '../testing/events'
import { handRun } from '../testing/handRun'
import { isComplete, keep } from './runs'

test('keeps the two points of a result', () => {
  const kept = handRun(1)
  expect([kept.pruned?.accuracy, kept.end.accuracy]).toEqual([0.3, 0.4])
  // 32,768 of 131,072 weights are left.
  expect(sparsityOf(kept)).toBe(0.75)
  expect(isComplete(kept)).toBe(true)
  expect(isComplete({ ...kept, steps: kept.steps - 1 })).toBe(false)
})

test('a result without an end is not kept', () => {
  expect(keep({ ...handResult(defaultExperiment, 0.5, 0, 0), evaluations: [] }, 0)).toBeNull()
})
