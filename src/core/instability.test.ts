import { describe, expect, it } from 'vitest'
import { dropOf, instabilityOf, normalisedInstabilityOf, spread, type WatchedCut } from './instability'

function cut(before: number, after: number): WatchedCut {
  return { step: 1, sparsity: 0.5, before: { accuracy: before, loss: 1 }, after: { accuracy: after, loss: 2 } }
}

describe('instability', () => {
  it('is the mean accuracy lost', () => {
    // Drops 0.8 - 0.6 = 0.2, 0.5 - 0.4 = 0.1, 0.4 - 0.46 = -0.06: mean 0.24 / 3 = 0.08.
    const cuts = [cut(0.8, 0.6), cut(0.5, 0.4), cut(0.4, 0.46)]
    expect(dropOf(cut(0.8, 0.6))).toBeCloseTo(0.2, 12)
    expect(instabilityOf(cuts)).toBeCloseTo(0.08, 12)
  })

  it('normalised, is the mean share lost of what there was', () => {
    // 0.2 / 0.8 = 0.25, 0.1 / 0.5 = 0.2, -0.06 / 0.4 = -0.15: mean 0.3 / 3 = 0.1.
    expect(normalisedInstabilityOf([cut(0.8, 0.6), cut(0.5, 0.4), cut(0.4, 0.46)])).toBeCloseTo(0.1, 12)
  })

  it('leaves out what had nothing to lose: no share of 0 can be lost', () => {
    expect(normalisedInstabilityOf([cut(0, 0.2), cut(0.5, 0.25)])).toBeCloseTo(0.5, 12)
    expect(normalisedInstabilityOf([cut(0, 0.2)])).toBeNull()
  })

  it('leaves out cuts before training, whose accuracies are luck', () => {
    const early = { ...cut(0.07, 0.2), step: 0 }
    expect(instabilityOf([early, cut(0.5, 0.4)])).toBeCloseTo(0.1, 12)
    expect(normalisedInstabilityOf([early, cut(0.5, 0.4)])).toBeCloseTo(0.2, 12)
    expect(instabilityOf([early])).toBeNull()
  })

  it('of no mask change is unknown, not 0', () => {
    expect(instabilityOf([])).toBeNull()
    expect(normalisedInstabilityOf([])).toBeNull()
  })
})

describe('spread', () => {
  it('takes everything where there is room', () => {
    expect(spread([3, 5, 8], 3)).toEqual([3, 5, 8])
    expect(spread([], 4)).toEqual([])
  })

  it('keeps the first and the last, and even steps between them', () => {
    // 10 entries, 4 asked for: positions 0, 9/3 = 3, 6, 9.
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 3, 6, 9])
    // 6 entries, 4 asked for: positions 0, round(5/3) = 2, round(10/3) = 3, 5.
    expect(spread([10, 11, 12, 13, 14, 15], 4)).toEqual([10, 12, 13, 15])
    expect(spread([1, 2, 3], 2)).toEqual([1, 3])
  })

  it('of one is the last, of none nothing', () => {
    expect(spread([1, 2, 3], 1)).toEqual([3])
    expect(spread([1, 2, 3], 0)).toEqual([])
  })
})
