import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestSubset, candidates, errorCurve, expectedError } from './subsetSum'

test('by hand', () => {
  const numbers = [0.5, -0.25, 0.3, -0.8]
  // 0.5 - 0.25 + 0.3 = 0.55: candidates 0, 1 and 2, bits 1 + 2 + 4. Next best is 0.5, candidate 0.
  expect(bestSubset(0.56, numbers)).toEqual({ kept: 0b0111, sum: expect.closeTo(0.55, 12) as number })
  // -0.8 + 0.5 = -0.3: bits 1 + 8.
  expect(bestSubset(-0.31, numbers)).toEqual({ kept: 0b1001, sum: expect.closeTo(-0.3, 12) as number })
  // 0 is the empty sum; 0.05 (0.3 - 0.25) is nearer to 0.04.
  expect(bestSubset(0.01, numbers)).toEqual({ kept: 0, sum: 0 })
  expect(bestSubset(0.04, numbers)).toEqual({ kept: 0b0110, sum: expect.closeTo(0.05, 12) as number })
  expect(bestSubset(0.4, [])).toEqual({ kept: 0, sum: 0 })
  expect(bestSubset(0.4, [1])).toEqual({ kept: 0, sum: 0 })
  expect(bestSubset(0.6, [1])).toEqual({ kept: 1, sum: 1 })
})

test('is as near as trying every subset', () => {
  const real = fc.double({ min: -1, max: 1, noNaN: true })
  fc.assert(
    fc.property(real, fc.array(real, { maxLength: 9 }), (target, numbers) => {
      const { kept, sum } = bestSubset(target, numbers)
      const sumOf = (mask: number) => numbers.reduce((total, x, i) => total + ((mask >> i) & 1 ? x : 0), 0)
      expect(sumOf(kept)).toBeCloseTo(sum, 12)
      let least = Infinity
      for (let mask = 0; mask < 1 << numbers.length; mask++) least = Math.min(least, Math.abs(sumOf(mask) - target))
      expect(Math.abs(sum - target)).toBeLessThanOrEqual(least + 1e-12)
    }),
  )
})

test('candidates are the same for the same seed, and more of them begin alike', () => {
  expect(candidates(3, 1, 5)).toEqual(candidates(3, 1, 20).slice(0, 5))
  expect(candidates(4, 1, 5)).not.toEqual(candidates(3, 1, 5))
  expect(candidates(3, 2, 5)).not.toEqual(candidates(3, 1, 5))
  for (const x of candidates(9, 9, 20)) expect(Math.abs(x)).toBeLessThanOrEqual(1)
})

test('the error halves with every candidate, near what theory expects', () => {
  const curve = errorCurve(1, 201, 18)
  for (const { n, median, ninth } of curve.slice(7)) {
    expect(median / expectedError(n), `n = ${n}`).toBeGreaterThan(0.6)
    expect(median / expectedError(n), `n = ${n}`).toBeLessThan(2)
    expect(ninth).toBeGreaterThan(median)
  }
  const [from, to] = [curve[7]!, curve[17]!]
  const slope = Math.log2(to.median / from.median) / (to.n - from.n)
  // 2^-n times sqrt(n): between n = 8 and 18, log2 sqrt(18 / 8) / 10 = 0.06 above -1.
  expect(slope).toBeGreaterThan(-1.1)
  expect(slope).toBeLessThan(-0.8)
  expect(errorCurve(1, 5, 3)).toEqual(errorCurve(1, 5, 3))
})
