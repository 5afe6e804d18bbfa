import { expect, test } from 'vitest'
import { estimate, isAbove, ranksOf } from './ranks'

test('over seeds, the error of the mean is s / sqrt(n), with n - 1 degrees of freedom', () => {
  // 0.4, 0.5, 0.6: s = 0.1. Of 3,000,000 answers the sampling error is 0.0003.
  expect(estimate([0.4, 0.5, 0.6], 1e6)).toEqual({
    mean: 0.5,
    error: expect.closeTo(0.1 / Math.sqrt(3), 12) as number,
    freedom: 2,
  })
})

test('one seed has the sampling error of its held-out examples, one right and one wrong answer added', () => {
  // 98 examples, 49 right: 50 of 100, sqrt(0.25 / 100) = 0.05.
  expect(estimate([0.5], 98)).toEqual({ mean: 0.5, error: expect.closeTo(0.05, 12) as number, freedom: Infinity })
  // All of 8 right: 9 of 10, sqrt(0.09 / 10) = 0.0949.
  expect(estimate([1], 8)!.error).toBeCloseTo(Math.sqrt(0.009), 12)
})

test('seeds that agree by chance are not known better than their answers allow', () => {
  // Two seeds of 49 examples, both half right: 98 answers as above.
  expect(estimate([0.5, 0.5], 49)).toEqual({ mean: 0.5, error: expect.closeTo(0.05, 12) as number, freedom: Infinity })
  expect(estimate([0.5, 0.5], null)!.error).toBe(Infinity)
  expect(estimate([0.7], null)!.error).toBe(Infinity)
  expect(estimate([], 100)).toBeNull()
})

test('Welch by hand: 3 seeds against 3 with the same spread', () => {
  // s = 0.01 on both sides: standard error of the difference sqrt(2 / 3) * 0.01 = 0.008165, 4 degrees of freedom, t =
  // 2.776: 0.02267.
  const around = (mean: number) => estimate([mean - 0.01, mean, mean + 0.01], 1e6)!
  expect(isAbove(around(0.5228), around(0.5))).toBe(true)
  expect(isAbove(around(0.5225), around(0.5))).toBe(false)
  expect(isAbove(around(0.5), around(0.5228))).toBe(false)
})

test('Welch by hand: unequal spreads are known by few degrees of freedom', () => {
  // Errors 0.03 and 0.01 with 2 degrees each: 0.001^2 / (0.0009^2 / 2 + 0.0001^2 / 2) = 2.44, so t of 2, 4.303 times
  // 0.03162: 0.1361.
  const [wide, narrow] = [
    { mean: 0.5, error: 0.03, freedom: 2 },
    { error: 0.01, freedom: 2 },
  ]
  expect(isAbove({ ...narrow, mean: 0.637 }, wide)).toBe(true)
  expect(isAbove({ ...narrow, mean: 0.635 }, wide)).toBe(false)
})

test('one seed against one: the normal interval', () => {
  // Errors of 0.05 on both sides: 1.96 * 0.0707 = 0.1386.
  const of = (mean: number) => ({ mean, error: 0.05, freedom: Infinity })
  expect([isAbove(of(0.639), of(0.5)), isAbove(of(0.638), of(0.5))]).toEqual([true, false])
})

test('ranks count who is better beyond chance; who shares one says so', () => {
  const of = (mean: number, error = 0.01) => ({ mean, error, freedom: Infinity })
  // Two are apart from 1.96 * sqrt(2) * 0.01 = 0.0277 on.
  expect(ranksOf([of(0.6), of(0.5), of(0.4)])).toEqual(['1', '2', '3'])
  expect(ranksOf([of(0.6), of(0.59), of(0.5)])).toEqual(['1=', '1=', '3'])
  // The third is below the first alone, the fourth below the first two.
  expect(ranksOf([of(0.6), of(0.58), of(0.56), of(0.55)])).toEqual(['1=', '1=', '2', '3'])
  expect(ranksOf([of(0.6), null, of(0.2, Infinity)])).toEqual(['1=', '–', '1='])
  expect(ranksOf([])).toEqual([])
})

test('quantiles fall from row to row, and on beyond the table', () => {
  // t of 40 degrees is 2.0211, so 2.0211 * sqrt(2) * 0.1 with 20 degrees on either side.
  const of = (mean: number, freedom: number) => ({ mean, error: 0.1, freedom })
  const half = 2.0211 * Math.SQRT2 * 0.1
  expect([isAbove(of(half + 1e-4, 20), of(0, 20)), isAbove(of(half - 2e-4, 20), of(0, 20))]).toEqual([true, false])
})
