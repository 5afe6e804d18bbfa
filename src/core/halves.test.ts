import { expect, it } from 'vitest'
import { ofHalf, toHalves } from './halves'

it('keeps what 8 bits hold, and rounds the rest to the nearest, ties to even', () => {
  const there = (...values: number[]) => [...toHalves(values)].map(ofHalf)
  expect(there(0, -0, 1, -1.5, 2 ** -126, 255)).toEqual([0, -0, 1, -1.5, 2 ** -126, 255])
  // Between 256 and 258 lies 257: of equally near ones the even mantissa. 259 lies between 258 and 260.
  expect(there(257, 259, 257.1)).toEqual([256, 260, 258])
  expect(there(NaN, -NaN, Infinity, -Infinity, 3.4e38)).toEqual([NaN, NaN, Infinity, -Infinity, Infinity])
})
