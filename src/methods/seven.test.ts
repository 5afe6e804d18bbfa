import { describe, expect, it } from 'vitest'
import { expectScores, handWorked } from './testing/handWorked'

/**
 * Two batches, both decays 1/2, sizes of gradients a and b: moments (a + 2 b) / 3 and (a^2 + 2 b^2) / 3 without their
 * bias, so that rho is 1, then (a + 2 b) / sqrt(3 (a^2 + 2 b^2)). Of (1, 1) and (2, 2) that is 1, of (3, 1) 5 /
 * sqrt(33), of (1, 3) 7 / sqrt(57). Sums of |w g| are 4 for every weight: noise alone decides.
 */
const steady = { weights: [2, 1, -1, 1], steps: [{ grads: [1, 3, 1, 2] }, { grads: [-1, 1, 3, 2] }] }
const knobs = { sparsity: 0.5, batches: 2, alpha1: 0.5, alpha2: 0.5, schedule: 'once' }
const [falling, rising] = [5 / Math.sqrt(33), 7 / Math.sqrt(57)]

describe('SEVENpre (reconstruction)', () => {
  it('discounts |w g| by the noise of |g|', async () => {
    const [, last] = await handWorked({ method: 'sevenPre', knobs, ...steady })
    // 3.8704 and 3.7815 between the 4 of the steady ones.
    expectScores(last!.scores, [2 + 2, 3 + falling, 1 + 3 * rising, 2 + 2])
    expect(last!.mask).toEqual([1, 0, 0, 1])
  })

  it('on the cubic schedule lets the first batch cut, for good', async () => {
    // r_0 = 0.5 + 0.5 / 8 = 0.5625, two of four: of 2, 3, 1, 2 the second and the first.
    const [first, last] = await handWorked({ method: 'sevenPre', knobs: { ...knobs, schedule: 'cubic' }, ...steady })
    expectScores(first!.scores, [2, 3, 1, 2])
    expect(first!.mask).toEqual([1, 1, 0, 0])
    expectScores(last!.scores, [4, 3 + falling, NaN, NaN])
    expect(last!.mask).toEqual([1, 1, 0, 0])
  })

  it('rounds what it keeps down, as released', async () => {
    // 5 (1 - 0.3) = 3.5.
    const [only] = await handWorked({
      method: 'sevenPre',
      knobs: { ...knobs, sparsity: 0.3, batches: 1 },
      weights: [1, 2, 3, 4, 5],
      steps: [{ grads: [1, 1, 1, 1, 1] }],
    })
    expect(only!.mask).toEqual([0, 0, 1, 1, 1])
  })
})

describe('SEVENpre, ablations', () => {
  // rho^2 is 25/33 and 49/57. Signed, weight 0 goes (1, -1): (1 - 2) / sqrt(3 (1 + 2)), its size 1/3.
  it.each([
    ['without discount', { discount: 0 }, [4, 4, 4, 4], [1, 1, 0, 0]],
    ['with the discount of SEVEN', {}, [4, 3 + falling, 1 + 3 * rising, 4], [1, 0, 0, 1]],
    ['with the discount squared', { discount: 2 }, [4, 3 + 25 / 33, 1 + (3 * 49) / 57, 4], [1, 0, 0, 1]],
    ['with a signed moment', { signed: true }, [2 + 2 / 3, 3 + falling, 1 + 3 * rising, 4], [0, 1, 0, 1]],
  ])('%s', async (_name, more, scores, mask) => {
    const [, last] = await handWorked({ method: 'sevenVariants', knobs: { ...knobs, ...more }, ...steady })
    expectScores(last!.scores, scores)
    expect(last!.mask).toEqual(mask)
  })
})

describe('SEVENdyn', () => {
  it("gathers from the window's first step on, with the weight after it, and forgets what it prunes", async () => {
    // Window of steps 1 to 3, N = 4: r = 0.25 + 0.75 (3/4)^3 = 0.566, then 0.34375, then 0.25: two of four stay, then
    // one. Step 1: |w g| = 4, 2, 3, 2. Step 2: of (4, 1) rho is (4 + 2) / sqrt(3 (16 + 2)) = 2 / sqrt(6), of (1, 3) 7 /
    // sqrt(57).
    const [before, first, second, last] = await handWorked({
      method: 'sevenDyn',
      knobs: { sparsity: 0.75, begin: 0.25, end: 1, alpha1: 0.5, alpha2: 0.5 },
      weights: [1, 2, 3, 4],
      steps: [
        { grads: [0, 0, 0, 9] },
        { grads: [4, 1, 1, 0.5] },
        { weights: [1, 7, 2, 7], grads: [1, 9, 3, 9] },
        { grads: [0, 0, 0, 0] },
      ],
    })
    expect(before!.event).toBe(false)
    expectScores(first!.scores, [4, 2, 3, 2])
    expect(first!.mask).toEqual([1, 0, 1, 0])
    expectScores(second!.scores, [4 + 2 / Math.sqrt(6), NaN, 3 + 2 * 3 * rising, NaN])
    expect(second!.mask).toEqual([0, 0, 1, 0])
    expect(second!.weights).toEqual([0, 0, 2, 0])
    expect(last!.mask).toEqual([0, 0, 1, 0])
  })
})
