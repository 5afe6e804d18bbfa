import { describe, expect, it } from 'vitest'
import { randomBits, streams, uniform } from '../core/random'
import { expectScores, handWorked } from './testing/handWorked'

/** Floor(0.34 * 3) = 1 of three kept weights changes places behind step 0. */
const knobs = { sparsity: 0.5, scope: 'layer', every: 1, share: 0.34, stop: 1 }
const start = { weights: [3, 1, -2, 0, 0, 0], mask: [1, 1, 1, 0, 0, 0], trainingSteps: 4 }

describe('RigL', () => {
  it('drops the smallest weight and grows where the gradient is largest, from 0', async () => {
    const [first] = await handWorked({ method: 'rigl', knobs, ...start, steps: [{ grads: [9, 0, 9, 1, -5, 2] }] })
    expectScores(first!.scores, [3, 1, 2, NaN, NaN, NaN])
    expectScores(first!.grown, [NaN, 0, NaN, 1, 5, 2])
    expect([first!.mask, first!.weights]).toEqual([[1, 0, 1, 0, 1, 0], [3, 0, -2, 0, 0, 0]])
  })

  it('leaves the value of a weight that is dropped and grown in the same event', async () => {
    const [first] = await handWorked({ method: 'rigl', knobs, ...start, steps: [{ grads: [0, -9, 0, 1, 5, 2] }] })
    expect([first!.mask, first!.weights]).toEqual([[1, 1, 1, 0, 0, 0], [3, 1, -2, 0, 0, 0]])
  })

  it('exchanges fewer and fewer along a cosine', async () => {
    // At step 2 of 4: 0.34 / 2 (1 + cos(pi / 2)) = 0.17 of 3 is less than one.
    const run = await handWorked({ method: 'rigl', knobs, ...start, steps: [{ grads: [0, -9, 0, 1, 5, 2] }, { grads: [0, 0, 0, 1, 5, 2] }, {}] })
    // At step 1 the share is 0.17 (1 + cos(pi / 4)) = 0.29, 0.87 of a weight: it stays too.
    expect(run.map(({ mask }) => mask)).toEqual([[1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0]])
  })

  it('starts from a random mask with the share of every layer', async () => {
    // Nothing changes before step 99. ERK of two [2, 3]: as many in both.
    const [first] = await handWorked({
      method: 'rigl', knobs: { sparsity: 0.5, every: 100 }, matrices: [{ shape: [2, 3] }, { shape: [2, 3] }],
      weights: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], steps: [{}], trainingSteps: 200,
    })
    // The second matrix begins at place 64.
    const lots = [0, 64].map((offset) => Array.from({ length: 6 }, (_, i) => uniform(1, streams.method, offset + i)))
    expect(first!.mask).toEqual(lots.flatMap((part) => part.map((lot) => Number(lot >= [...part].sort((a, b) => b - a)[2]!))))
  })
})

describe('SET', () => {
  it('drops the smallest weight and grows by lot among all other places, another lot each step', async () => {
    const run = await handWorked({ method: 'set', knobs, ...start, steps: [{ grads: [9, 9, 9, 9, 9, 9] }, {}] })
    const lot = (step: number, i: number) => uniform(randomBits(1, streams.method, step), streams.method, i)
    expectScores(run[0]!.scores, [3, 1, 2, NaN, NaN, NaN])
    const free = [1, 3, 4, 5]
    expectScores(run[0]!.grown, [0, 1, 2, 3, 4, 5].map((i) => (free.includes(i) ? lot(0, i) : NaN)))
    const chosen = free.reduce((a, b) => (lot(0, b) > lot(0, a) ? b : a))
    expect(run[0]!.mask).toEqual([0, 1, 2, 3, 4, 5].map((i) => Number(i === 0 || i === 2 || i === chosen)))
    expect(run[1]!.mask.reduce((a, b) => a + b)).toBe(3)
    expect(lot(1, 3)).not.toBe(lot(0, 3))
  })
})

describe('random', () => {
  const masks = async (sparsity: number, seed: number) => {
    const [only] = await handWorked({ method: 'random', seed, knobs: { sparsity }, weights: [1, 2, 3, 4, 5, 6, 7, 8], steps: [{ grads: [1, 1, 1, 1, 1, 1, 1, 1] }] })
    return only!
  }

  it('keeps the highest lots, which depend on seed and place alone', async () => {
    const lots = Array.from({ length: 8 }, (_, i) => uniform(3, streams.method, i))
    const third = [...lots].sort((a, b) => b - a)[2]!
    const { mask, event } = await masks(0.625, 3)
    expect([mask, event]).toEqual([lots.map((lot) => Number(lot >= third)), false])
  })

  it('nests: what a higher sparsity keeps, a lower one keeps too; another seed keeps others', async () => {
    const [low, high, other] = [await masks(0.25, 3), await masks(0.75, 3), await masks(0.25, 4)]
    expect(high.mask.reduce((a, b) => a + b)).toBe(2)
    high.mask.forEach((kept, i) => { if (kept) expect(low.mask[i]).toBe(1) })
    expect(other.mask).not.toEqual(low.mask)
  })
})

describe('dense', () => {
  it('changes no mask', async () => {
    const run = await handWorked({ method: 'dense', weights: [1, -2, 0], steps: [{ grads: [1, 1, 1] }, {}] })
    expect(run.map(({ event, mask }) => [event, mask])).toEqual([[false, [1, 1, 1]], [false, [1, 1, 1]]])
    expectScores(run[1]!.scores, [1, 2, 0])
  })
})
