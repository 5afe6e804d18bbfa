import fc from 'fast-check'
import { expect, test } from 'vitest'
import { roundAxis, roundTicks } from './ticks'

test.each([
  // 2.6 / 5 = 0.52; of 0.1 * (1, 2, 2.5, 5, 10) the first with at most five steps is 1.
  [0, 2.6, [0, 1, 2, 3]],
  [0, 2.4, [0, 0.5, 1, 1.5, 2, 2.5]],
  [-6.7, -3.1, [-7, -6, -5, -4, -3]],
  [0, 0.00034, [0, 0.0001, 0.0002, 0.0003, 0.0004]],
  [3, 3, [3, 4]],
])('from %f to %f', (low, high, ticks) => {
  expect(roundTicks(low, high)).toEqual(ticks)
})

test('covers the values with few steps', () => {
  fc.assert(fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.double({ min: 1e-2, max: 1e6, noNaN: true }), (low, span) => {
    const ticks = roundTicks(low, low + span)
    expect(ticks.length).toBeLessThanOrEqual(7)
    expect(ticks[0]!).toBeLessThanOrEqual(low + span * 1e-6)
    expect(ticks.at(-1)!).toBeGreaterThanOrEqual(low + span * (1 - 1e-6))
  }))
})

test('no values give an axis all the same', () => {
  expect(roundAxis([], 0).domain).toEqual([0, 1])
  expect(roundAxis([NaN, 2], 0).ticks).toEqual([0, 0.5, 1, 1.5, 2])
})
