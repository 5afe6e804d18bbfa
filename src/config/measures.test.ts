import { expect, test } from 'vitest'
import type { RunResult } from '../core/trainer'
import { classesOf, measuresOf } from './measures'

const evaluation = { step: 9, loss: 1, sparsity: 0.5 }

test('what was ever kept is a share of its own, in results of runs whose weights change places', () => {
  expect(measuresOf({ evaluations: [], explored: 0.375 } as unknown as RunResult)).toEqual({ explored: 0.375 })
})

test('robust accuracy is that of the end, and absent where nothing was attacked', () => {
  const evaluations = [
    { ...evaluation, moment: 'pruned', accuracy: 0.6, robust: 0.1 },
    { ...evaluation, moment: 'end', accuracy: 0.7, robust: 0.2 },
  ]
  expect(measuresOf({ evaluations } as unknown as RunResult)).toEqual({ robust: 0.2 })
  expect(
    measuresOf({ evaluations: [{ ...evaluation, moment: 'end', accuracy: 0.7 }] } as unknown as RunResult),
  ).toEqual({})
})

test('what became of sentinels: shares for tables, six counts for CSV, nothing where results counted otherwise', () => {
  const classes = { sentinel: { kept: 3, cut: 1 }, temporary: { kept: 0, cut: 2 }, ordinary: { kept: 1, cut: 5 } }
  expect(measuresOf({ evaluations: [], classes } as unknown as RunResult)).toEqual({
    sentinels_cut: 0.25,
    temporary_cut: 1,
    kept_sentinel: 3,
    cut_sentinel: 1,
    kept_temporary: 0,
    cut_temporary: 2,
    kept_ordinary: 1,
    cut_ordinary: 5,
  })
  expect(measuresOf({ evaluations: [] } as unknown as RunResult)).toEqual({})
  expect(classesOf(measuresOf({ evaluations: [], classes } as unknown as RunResult))).toEqual(classes)
  expect([classesOf(), classesOf({ sentinels_cut: 0.25, kept_sentinel: 3 })]).toEqual([null, null])
})
