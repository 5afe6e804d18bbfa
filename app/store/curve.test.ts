import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyCurve, extendCurve, most, thin } from './curve'

const at = (step: number, loss: number, sparsity = 0) => ({ step, loss, gradientNorm: 1, rate: 1e-3, sparsity })

test('keeps every step while there is room', () => {
  const { points, stride } = extendCurve(emptyCurve, [at(1, 4), at(2, 2, 0.5)])
  expect(stride).toBe(1)
  expect(points.map((p) => [p.step, p.loss, p.sparsity])).toEqual([
    [1, 4, 0],
    [2, 2, 0.5],
  ])
  // Smoothed at step 2: (0.95 * 0.05 * 4 + 0.05 * 2) / (0.95 * 0.05 + 0.05) = (0.19 + 0.1) / 0.0975.
  expect(points[1]!.smooth).toBeCloseTo(0.29 / 0.0975, 10)
})

test('merges neighbours to their mean when it is full', () => {
  const steps = Array.from({ length: most + 1 }, (_, i) => at(i + 1, i % 2 === 0 ? 1 : 3))
  const { points, stride } = extendCurve(emptyCurve, steps)
  expect(stride).toBe(2)
  // 401 steps in pairs: 200 full ones of mean (1 + 3) / 2, and step 401 alone.
  expect(points).toHaveLength(201)
  expect(points[0]).toMatchObject({ step: 2, loss: 2, count: 2 })
  expect(points.at(-1)).toMatchObject({ step: 401, loss: 1, count: 1 })
})

test('starts anew when steps go back', () => {
  const first = extendCurve(emptyCurve, [at(1, 9), at(2, 9)])
  expect(extendCurve(first, [at(1, 5)]).points.map((p) => p.smooth)).toEqual([5])
})

test('leaves out losses that are no numbers', () => {
  expect(extendCurve(emptyCurve, [at(1, 1), at(2, NaN)]).points.map((p) => p.step)).toEqual([1])
})

test('does not depend on how steps are cut into events, and never grows past its bound', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 700 }), (total, cut) => {
      const steps = Array.from({ length: total }, (_, i) => at(i + 1, Math.sin(i) + 2))
      let curve = emptyCurve
      for (let i = 0; i < total; i += cut) curve = extendCurve(curve, steps.slice(i, i + cut))
      expect(curve).toEqual(extendCurve(emptyCurve, steps))
      expect(curve.points.length).toBeLessThanOrEqual(most)
      expect(curve.points.reduce((sum, p) => sum + p.count, 0)).toBe(total)
      expect(curve.points.at(-1)!.step).toBe(total)
    }),
    { numRuns: 40 },
  )
})

test('thin keeps first and last and asks for no more than the limit', () => {
  const entries = Array.from({ length: 1000 }, (_, i) => i)
  const thinned = thin(entries, 400)
  expect(thinned).toHaveLength(400)
  expect([thinned[0], thinned.at(-1)]).toEqual([0, 999])
  expect(new Set(thinned).size).toBe(400)
  expect(thin([1, 2], 400)).toEqual([1, 2])
})
