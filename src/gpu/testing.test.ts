import { expect, test } from 'vitest'
import { expectClose, lehmer } from './testing'

test('the first miss is named with buffer, index and both values', () => {
  const tolerance = { absolute: 0.01, relative: 0.1 }
  // Allowed at index 1: 0.01 + 2 * 0.1 = 0.21.
  expectClose('weights', [0, 2.2, Number.NaN, Infinity], [0.005, 2, Number.NaN, Infinity], tolerance)
  expect(() => {
    expectClose('weights', [0, 2.25], [0, 2], tolerance)
  }).toThrow('weights[1] is 2.25, the reference says 2')
  expect(() => {
    expectClose('weights', [Number.NaN], [1], tolerance)
  }).toThrow('weights[0] is NaN, the reference says 1')
  expect(() => {
    expectClose('weights', [1], [1, 2], tolerance)
  }).toThrow('length of weights')
})

test('the generator stays in [-1, 1) and covers it', () => {
  const draw = lehmer(5)
  const values = Array.from({ length: 10_000 }, draw)
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-1)
  expect(Math.max(...values)).toBeLessThan(1)
  // Mean of 10,000 uniform values: deviation 0.58 / 100.
  expect(Math.abs(values.reduce((a, b) => a + b, 0) / 10_000)).toBeLessThan(0.03)
})
