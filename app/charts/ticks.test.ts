import fc from 'fast-check'
import { expect, test } from 'vitest'
import { roundAxis, roundTicks, shareAxis, stepAxis } from './ticks'

test.each([
  // 2.6 / 5 = 0.52; of 0.1 * (1, 2, 5, 10) the first with at most five steps is 1.
  [0, 2.6, [0, 1, 2, 3]],
  [0, 2.4, [0, 0.5, 1, 1.5, 2, 2.5]],
  [-6.7, -3.1, [-7, -6, -5, -4, -3]],
  [0, 0.00034, [0, 0.0001, 0.0002, 0.0003, 0.0004]],
  [3, 3, [3, 4]],
  // 12 / 5 = 2.4: steps of 5, not of 2.5, which would need a decimal.
  [0, 12, [0, 5, 10, 15]],
])('from %f to %f', (low, high, ticks) => {
  expect(roundTicks(low, high)).toEqual(ticks)
})

test('covers the values with few steps', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      fc.double({ min: 1e-2, max: 1e6, noNaN: true }),
      (low, span) => {
        const ticks = roundTicks(low, low + span)
        expect(ticks.length).toBeLessThanOrEqual(7)
        expect(ticks[0]!).toBeLessThanOrEqual(low + span * 1e-6)
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(low + span * (1 - 1e-6))
      },
    ),
  )
})

test('no values give an axis all the same', () => {
  expect(roundAxis([], 0).domain).toEqual([0, 1])
  expect(roundAxis([NaN, 2], 0).ticks).toEqual([0, 0.5, 1, 1.5, 2])
})

const read = (values: readonly number[], ...rest: [number?, (readonly [number, number])?]) => {
  const { ticks = [], format, exact = format } = shareAxis(values, ...rest)
  return { labels: ticks.map(format), read: exact(values[0] ?? 0) }
}

test.each([
  // 27.2 points in at most five steps: 10 each.
  [[0.301, 0.573], { labels: ['30 %', '40 %', '50 %', '60 %'], read: '30.1 %' }],
  // Equal values stand in the middle of five points.
  [[0.5, 0.5], { labels: ['47 %', '48 %', '49 %', '50 %', '51 %', '52 %', '53 %'], read: '50.0 %' }],
  // There is nothing above 100 %.
  [[1, 1], { labels: ['95 %', '96 %', '97 %', '98 %', '99 %', '100 %'], read: '100.0 %' }],
  [[], { labels: ['0 %', '20 %', '40 %', '60 %', '80 %', '100 %'], read: '0.0 %' }],
])('shares %j have round ticks that say what they are, and finer readings', (values, expected) => {
  expect(read(values)).toEqual(expected)
})

test('a share below nothing has a minus, and small steps have as many decimals as they need', () => {
  expect(read([-0.021, 0.052], 0.01, [-1, 1])).toEqual({
    labels: ['−4 %', '−2 %', '0 %', '2 %', '4 %', '6 %'],
    read: '−2.1 %',
  })
  expect(read([0.001, 0.004], 0.001)).toEqual({ labels: ['0.1 %', '0.2 %', '0.3 %', '0.4 %'], read: '0.10 %' })
})

test.each([
  [1500, [0, 500, 1000, 1500]],
  [12_000, [0, 5000, 10_000, 12_000]],
  [5500, [0, 2000, 4000, 5500]],
  [2, [0, 1, 2]],
])('%i steps', (steps, ticks) => {
  expect(stepAxis(steps).ticks).toEqual(ticks)
})
