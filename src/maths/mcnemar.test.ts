import { describe, expect, it } from 'vitest'
import { chanceRange, mcnemar } from './mcnemar'

describe("McNemar's exact test", () => {
  it.each([
    [0, 0, 1],
    [3, 3, 1],
    // 2 (1 + 5) / 32
    [4, 1, 0.375],
    // 2 / 1024
    [10, 0, 2 / 1024],
    // 2 (1 + 10 + 45) / 1024
    [8, 2, 112 / 1024],
    [2, 8, 112 / 1024],
  ])('%i broken, %i mended', (broken, mended, p) => {
    expect(mcnemar(broken, mended)).toBeCloseTo(p, 12)
  })

  it('stays finite for ten thousand answers', () => {
    expect(mcnemar(5000, 5000)).toBe(1)
    // The normal approximation with continuity: z = (200 - 1) / 100.
    expect(mcnemar(5100, 4900)).toBeCloseTo(0.0466, 3)
  })
})

describe('the range of chance', () => {
  it('ends right before the first difference that the test takes for more', () => {
    for (const level of [0.05, 0.005])
      for (let changed = 0; changed < 60; changed++) {
        const range = chanceRange(changed, level)
        const p = (difference: number) => mcnemar((changed + difference) / 2, (changed - difference) / 2)
        if (range < changed) expect(p(range + 2)).toBeLessThanOrEqual(level)
        if (range > 0) expect(p(range)).toBeGreaterThan(level)
      }
  })

  it('is all of them where they are few', () => {
    // 2 / 32 is more than 5 %, 2 / 64 is less.
    expect([5, 6].map((changed) => chanceRange(changed, 0.05))).toEqual([5, 4])
    expect(chanceRange(0, 0.05)).toBe(0)
  })
})
