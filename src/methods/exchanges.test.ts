import { describe, expect, it } from 'vitest'
import { randomBits, streams, uniform } from '../core/random'
import { rigl } from './rigl'
import { expectScores, handWorked } from './testing/handWorked'

/**
 * One of three kept weights changes places after step 0 of four: RigL's share is 0.2 (1 + cos(pi / 4)) = 0.341, SET's
 * 0.4.
 */
const knobs = { sparsity: 0.5, scope: 'layer', every: 1, share: 0.4, stop: 1 }
const start = { weights: [3, 1, -2, 0, 0, 0], mask: [1, 1, 1, 0, 0, 0], trainingSteps: 4 }

describe('RigL', () => {
  it('drops the smallest weight and grows where the gradient is largest, from 0', async () => {
    const [first] = await handWorked({ method: 'rigl', knobs, ...start, steps: [{ grads: [9, 0, 9, 1, -5, 2] }] })
    expectScores(first!.scores, [3, 1, 2, NaN, NaN, NaN])
    expectScores(first!.grown, [NaN, 0, NaN, 1, 5, 2])
    expect([first!.mask, first!.weights]).toEqual([
      [1, 0, 1, 0, 1, 0],
      [3, 0, -2, 0, 0, 0],
    ])
  })

  it('leaves the value of a weight that is dropped and grown in the same event', async () => {
    const [first] = await handWorked({ method: 'rigl', knobs, ...start, steps: [{ grads: [0, -9, 0, 1, 5, 2] }] })
    expect([first!.mask, first!.weights]).toEqual([
      [1, 1, 1, 0, 0, 0],
      [3, 1, -2, 0, 0, 0],
    ])
  })

  it('exchanges fewer and fewer along a cosine', async () => {
    // After the second step of four: 0.2 (1 + cos(pi / 2)) = 0.2 of 3 is less than one, and less still after the
    // third.
    const run = await handWorked({
      method: 'rigl',
      knobs,
      ...start,
      steps: [{ grads: [0, -9, 0, 1, 5, 2] }, { grads: [0, 0, 0, 1, 5, 2] }, {}],
    })
    expect(run.map(({ mask }) => mask)).toEqual([
      [1, 1, 1, 0, 0, 0],
      [1, 1, 1, 0, 0, 0],
      [1, 1, 1, 0, 0, 0],
    ])
  })

  it('counts the steps that are done, as the official code does: the first event of 32 drops 8', async () => {
    // alpha 0.3, every 4, T = 0.75 * 28 = 21. After step 3 four steps are done: 0.15 (1 + cos(4 pi / 21)) = 0.2739,
    // 8.77 of 32; cos(3 pi / 21) would make 9.12. All gradients are 0 but those of free places, so that nothing dropped
    // comes back.
    const place = Array.from({ length: 64 }, (_, i) => i)
    const run = await handWorked({
      method: 'rigl',
      knobs: { sparsity: 0.5, scope: 'layer', every: 4, share: 0.3, stop: 0.75 },
      trainingSteps: 28,
      weights: place.map((i) => (i < 32 ? i + 1 : 0)),
      mask: place.map((i) => Number(i < 32)),
      steps: Array.from({ length: 4 }, () => ({ grads: place.map((i) => (i < 32 ? 0 : i)) })),
    })
    expect(run.map(({ event }) => Number(event))).toEqual([0, 0, 0, 1])
    expect(run[3]!.mask).toEqual(place.map((i) => Number((i >= 8 && i < 32) || i >= 56)))
  })

  it('changes nothing where the cosine has come to its end', () => {
    const plan = rigl.plan({ sparsity: 0.5, scope: 'layer', every: 4, share: 0.3, stop: 0.75 }, 16)
    expect([3, 7, 11].map((t) => plan.exchange!(t))).toEqual(
      [0.225, 0.075, 0].map((share) => expect.closeTo(share, 12) as number),
    )
  })

  it('starts from a random mask with the share of every layer', async () => {
    // Nothing changes before step 99. ERK of two [2, 3]: as many in both.
    const [first] = await handWorked({
      method: 'rigl',
      knobs: { sparsity: 0.5, every: 100 },
      matrices: [{ shape: [2, 3] }, { shape: [2, 3] }],
      weights: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      steps: [{}],
      trainingSteps: 200,
    })
    // The second matrix begins at place 64.
    const lots = [0, 64].map((offset) => Array.from({ length: 6 }, (_, i) => uniform(1, streams.method, offset + i)))
    expect(first!.mask).toEqual(
      lots.flatMap((part) => part.map((lot) => Number(lot >= [...part].sort((a, b) => b - a)[2]!))),
    )
  })
})

describe('SET', () => {
  it('drops the smallest weight and grows by lot among all other places, another lot each step', async () => {
    const run = await handWorked({ method: 'set', knobs, ...start, steps: [{ grads: [9, 9, 9, 9, 9, 9] }, {}] })
    const lot = (step: number, i: number) => uniform(randomBits(1, streams.method, step), streams.method, i)
    expectScores(run[0]!.scores, [3, 1, 2, NaN, NaN, NaN])
    const free = [1, 3, 4, 5]
    expectScores(
      run[0]!.grown,
      [0, 1, 2, 3, 4, 5].map((i) => (free.includes(i) ? lot(0, i) : NaN)),
    )
    const chosen = free.reduce((a, b) => (lot(0, b) > lot(0, a) ? b : a))
    expect(run[0]!.mask).toEqual([0, 1, 2, 3, 4, 5].map((i) => Number(i === 0 || i === 2 || i === chosen)))
    expect(run[1]!.mask.reduce((a, b) => a + b)).toBe(3)
    expect(lot(1, 3)).not.toBe(lot(0, 3))
  })
})

describe('random', () => {
  const masks = async (sparsity: number, seed: number) => {
    const [only] = await handWorked({
      method: 'random',
      seed,
      knobs: { sparsity },
      weights: [1, 2, 3, 4, 5, 6, 7, 8],
      steps: [{ grads: [1, 1, 1, 1, 1, 1, 1, 1] }],
    })
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
    high.mask.forEach((kept, i) => {
      if (kept) expect(low.mask[i]).toBe(1)
    })
    expect(other.mask).not.toEqual(low.mask)
  })
})

describe('dense', () => {
  it('changes no mask', async () => {
    const run = await handWorked({ method: 'dense', weights: [1, -2, 0], steps: [{ grads: [1, 1, 1] }, {}] })
    expect(run.map(({ event, mask }) => [event, mask])).toEqual([
      [false, [1, 1, 1]],
      [false, [1, 1, 1]],
    ])
    expectScores(run[1]!.scores, [1, 2, 0])
  })
})
