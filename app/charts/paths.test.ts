import { expect, test } from 'vitest'
import { barsThrough, pathThrough } from './paths'

const points = (...pairs: [number, number][]) => pairs.map(([x, y]) => ({ x, y }))
// Ten pixels a unit to the right; 100 pixels high, one unit high, growing upwards.
const toX = (x: number) => 10 * x
const toY = (y: number) => 100 * (1 - y)

test.each([
  ['nothing', points(), ''],
  ['a lone point, as a line that has both ends there', points([2, 0.5]), 'M20 50L20 50'],
  ['a line', points([0, 0], [1, 0.25], [2, 1]), 'M0 100L10 75L20 0'],
  // 10 * 1.004 = 10.04 and 10 * 1 are the same tenth of a pixel.
  ['points on one spot', points([0, 0], [1, 0.25], [1.004, 0.25], [2, 1]), 'M0 100L10 75L20 0'],
  ['a third of a pixel', points([1 / 3, 1], [1, 1]), 'M3.3 0L10 0'],
  // 100 * (1 - 4e38) is beyond a 32-bit float, which ends at 3.4e38.
  ['an exploded value, off the chart', points([0, 1], [1, 4e38], [2, -4e38]), 'M0 0L10 -100000L20 100000'],
  ['no number, left out', points([0, 1], [1, NaN], [2, Infinity], [3, 0]), 'M0 0L30 100'],
])('%s', (_what, given, path) => {
  expect(pathThrough(given, toX, toY)).toBe(path)
})

test('a deviation is a bar with caps of 8 pixels; a point without one has none', () => {
  // x 2 is pixel 20, y 0.5 +- 0.1 are pixels 40 and 60 (y falls from 100).
  expect(
    barsThrough(
      [
        { x: 2, y: 0.5, deviation: 0.1 },
        { x: 3, y: 0.5 },
        { x: 4, y: 0.5, deviation: 0 },
      ],
      (x) => 10 * x,
      (y) => 100 - 100 * y,
    ),
  ).toBe('M16 40h8M20 40V60M16 60h8')
})
