import { describe, expect, it } from 'vitest'
import { cubic, rateFactor, sevenKeepRatio } from './schedule'

describe('cubic', () => {
  it('follows 1 - (1 - x)^3 from begin to end', () => {
    // begin 10, end 14, final 0.8: x = 0, 1/4, 1/2, 3/4, 1 gives 1 - 1, 1 - 27/64, 1 - 1/8, 1 - 1/64, 1.
    const expected = [
      [9, 0],
      [10, 0],
      [11, (0.8 * 37) / 64],
      [12, (0.8 * 7) / 8],
      [13, (0.8 * 63) / 64],
      [14, 0.8],
      [99, 0.8],
    ] as const
    for (const [step, sparsity] of expected) expect(cubic(step, 10, 14, 0.8)).toBeCloseTo(sparsity, 14)
  })

  it('ends at the target exactly', () => {
    expect(cubic(14, 10, 14, 0.7)).toBe(0.7)
  })

  it('is a single cut where begin is end', () => {
    expect([cubic(4, 5, 5, 0.9), cubic(5, 5, 5, 0.9)]).toEqual([0, 0.9])
  })
})

describe('sevenKeepRatio', () => {
  it('is k + (1 - k) (1 - (i + 1) / n)^3', () => {
    // Sparsity 0.8, so k = 0.2; n = 4: i = 0, 1, 2, 3 leave (3/4)^3, (1/2)^3, (1/4)^3, 0 of the other 0.8.
    const expected = [0.2 + (0.8 * 27) / 64, 0.2 + 0.8 / 8, 0.2 + 0.8 / 64, 0.2]
    expected.forEach((ratio, i) => expect(sevenKeepRatio(i, 4, 0.8)).toBeCloseTo(ratio, 14))
  })
})

describe('rateFactor', () => {
  it('rises linearly to 1 in the warm-up', () => {
    // Four steps of warm-up: 1/4, 2/4, 3/4, 4/4.
    expect([0, 1, 2, 3].map((step) => rateFactor('cosine', step, 20, 4))).toEqual([0.25, 0.5, 0.75, 1])
  })

  it('falls as the named schedule after the warm-up', () => {
    // Steps 4 to 12 after a warm-up of 4; half-way is step 8, a quarter step 6: (1 + cos 45 deg) / 2 = 0.853553.
    expect(rateFactor('cosine', 4, 12, 4)).toBe(1)
    expect(rateFactor('cosine', 6, 12, 4)).toBeCloseTo(0.853553, 6)
    expect(rateFactor('cosine', 8, 12, 4)).toBeCloseTo(0.5, 14)
    expect([4, 6, 8, 12].map((step) => rateFactor('linear', step, 12, 4))).toEqual([1, 0.75, 0.5, 0])
    expect([4, 6, 8, 11].map((step) => rateFactor('constant', step, 12, 4))).toEqual([1, 1, 1, 1])
  })

  it('stays finite where the warm-up fills the run', () => {
    expect([0, 9].map((step) => rateFactor('cosine', step, 10, 10))).toEqual([0.1, 1])
  })
})
