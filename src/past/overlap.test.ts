import { expect, it } from 'vitest'
import { agreement, overlapOf, overlaps } from './overlap'

it('counts what two masks share, beside what chance would give', () => {
  const matrices = [
    { name: 'a', shape: [2, 4], offset: 0, size: 8 },
    { name: 'b', shape: [10, 4], offset: 64, size: 40 },
  ]
  // "a": A keeps 0 to 3, B 2 to 5. "b": A keeps 64 to 95, B the last 8.
  const pair = [Uint32Array.of(0b1111, 0, 0xffffffff, 0), Uint32Array.of(0b111100, 0, 0, 0xff)] as const
  const parts = overlaps(matrices, pair)
  expect(parts).toEqual([
    // Of 8 weights each keeps 4: by chance 4 x 4 / 8.
    { name: 'a', size: 8, a: 4, b: 4, both: 2, chance: 2 },
    { name: 'b', size: 40, a: 32, b: 8, both: 0, chance: 6.4 },
  ])
  expect(overlapOf(parts)).toEqual({ name: 'All layers', size: 48, a: 36, b: 12, both: 2, chance: 8.4 })
  expect(parts.map(agreement)).toEqual([2 / 6, 0])
  expect(agreement({ name: '', size: 1, a: 0, b: 0, both: 0, chance: 0 })).toBeNull()
})
