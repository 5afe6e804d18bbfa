import { describe, expect, it } from 'vitest'
import { expectScores, handWorked } from './testing/handWorked'

describe('SNIP', () => {
  it('averages gradients before the absolute value, and breaks ties by the lower index', async () => {
    // Mean gradients (3 + 1) / 2 = 2, (3 - 3) / 2 = 0, (1 + 1) / 2 = 1, (-1 - 3) / 2 = -2; times w: 2, 0, 4, 4.
    const [first, second] = await handWorked({
      method: 'snip',
      knobs: { sparsity: 0.75, batches: 2 },
      weights: [1, 5, -4, 2],
      steps: [{ grads: [3, 3, 1, -1] }, { grads: [1, -3, 1, -3] }],
    })
    expect([first!.event, first!.mask]).toEqual([false, [1, 1, 1, 1]])
    expectScores(second!.scores, [2, 0, 4, 4])
    // One of four: 4 = 4, and index 2 is the lower.
    expect(second!.mask).toEqual([0, 0, 1, 0])
    expect(second!.weights).toEqual([0, 0, -4, 0])
  })
})

describe('the gradient alone', () => {
  it('sums |g| over batches, whatever the weights', async () => {
    // 3 + 2, 1 + 4, 0.5 + 0.25, 0; one of four, and 5 = 5.
    const [, last] = await handWorked({
      method: 'gradient',
      knobs: { sparsity: 0.75, batches: 2 },
      weights: [0, 9, 9, 9],
      steps: [{ grads: [3, -1, 0.5, 0] }, { grads: [-2, -4, 0.25, 0] }],
    })
    expectScores(last!.scores, [5, 5, 0.75, 0])
    expect(last!.mask).toEqual([1, 0, 0, 0])
  })
})

// w g: 2, 2, 3, 2 and -2, 0, -1, 2.
const signs = { weights: [1, 2, -1, 0.5], steps: [{ grads: [2, 1, -3, 4] }, { grads: [-2, 0, 1, 4] }] }

describe('Taylor', () => {
  it('squares every batch, so that gradients of opposite sign add up where they cancel for SNIP', async () => {
    const [, last] = await handWorked({ method: 'taylor', knobs: { sparsity: 0.5, batches: 2 }, ...signs })
    // 4 + 4, 4 + 0, 9 + 1, 4 + 4; of 8 = 8 the first.
    expectScores(last!.scores, [8, 4, 10, 8])
    expect(last!.mask).toEqual([1, 0, 1, 0])
    const [, snip] = await handWorked({ method: 'snip', knobs: { sparsity: 0.5, batches: 2 }, ...signs })
    expectScores(snip!.scores, [0, 1, 1, 2])
    expect(snip!.mask).toEqual([0, 1, 0, 1])
  })
})

describe('Fisher', () => {
  // Sums of g^2: 4 + 4, 1 + 0, 9 + 1, 16 + 16; w^2: 1, 4, 1, 0.25.
  it.each([
    [true, [8, 4, 10, 8], [1, 0, 1, 0]],
    [false, [8, 1, 10, 32], [0, 0, 1, 1]],
  ])('sums g^2; times w^2: %s', async (weighted, scores, mask) => {
    const [, last] = await handWorked({ method: 'fisher', knobs: { sparsity: 0.5, batches: 2, weighted }, ...signs })
    expectScores(last!.scores, scores)
    expect(last!.mask).toEqual(mask)
  })
})

// Densities 0.25^(1/2) = 0.5 and 0.25. Means of the first round: 2, 0.5, 0.5, -0.25; times w: 2, 1, 1.5, 1. Of the
// second: 0.5, 9, 0.5, 9.
const rounds = {
  knobs: { sparsity: 0.75, rounds: 2, batches: 2 },
  weights: [1, 2, 3, 4],
  steps: [{ grads: [4, 1, 1, -1] }, { grads: [0, 0, 0, 0.5] }, { grads: [1, 9, 1, 9] }, { grads: [0, 9, 0, 9] }],
}

describe('iterative SNIP', () => {
  it("ranks in each round what the rounds before it left, by that round's gradients", async () => {
    const [, half, , end] = await handWorked({ method: 'iterativeSnip', ...rounds })
    expectScores(half!.scores, [2, 1, 1.5, 1])
    expect(half!.mask).toEqual([1, 0, 1, 0])
    expectScores(end!.scores, [0.5, NaN, 1.5, NaN])
    expect(end!.mask).toEqual([0, 0, 1, 0])
  })
})

describe('FORCE', () => {
  it('ranks all weights in each round, by their dense values, so that pruned ones come back', async () => {
    const [, half, , end] = await handWorked({ method: 'force', ...rounds })
    expect(half!.mask).toEqual([1, 0, 1, 0])
    expect(half!.weights).toEqual([1, 2, 3, 4])
    expectScores(end!.scores, [0.5, 18, 1.5, 36])
    expect(end!.mask).toEqual([0, 0, 0, 1])
    expect(end!.weights).toEqual([0, 0, 0, 4])
  })
})

describe('GraSP', () => {
  it('keeps the largest w (H g), signed: what goes first is what holds the gradient down', async () => {
    // 1 * -1, -2 * 2, 3 * 0.5, -4 * -1; by size, weight 1 would stay before weight 2.
    const [only] = await handWorked({
      method: 'grasp',
      knobs: { sparsity: 0.5, batches: 1 },
      weights: [1, -2, 3, -4],
      steps: [{ grads: [1, 1, 1, 1], curvature: [-1, 2, 0.5, -1] }],
    })
    expectScores(only!.scores, [-1, -4, 1.5, 4])
    expect(only!.mask).toEqual([0, 0, 1, 1])
  })

  it('cuts first what lowers the norm of the gradient least when it shrinks', async () => {
    // The loss is w^T A w / 2: g = A w = (-1, -2, 2), |g|^2 = 9, H g = A g = (-4, -3, 2).
    const a = [
      [2, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]
    const weights = [1, -3, 2]
    const times = (x: readonly number[]) => a.map((row) => row.reduce((sum, value, i) => sum + value * x[i]!, 0))
    const squares = (x: readonly number[]) => times(x).reduce((sum, g) => sum + g * g, 0)
    const grads = times(weights)
    expect([grads, times(grads)]).toEqual([
      [-1, -2, 2],
      [-4, -3, 2],
    ])
    // A tenth less of one: g is (-1.2, -2.1, 2), (-0.7, -1.7, 2) or (-1, -2, 1.8), and |g|^2 9.85, 7.38 or 8.24.
    const changes = weights.map((_, i) => squares(weights.map((w, k) => (k === i ? 0.9 * w : w))) - squares(weights))
    expectScores(changes, [0.85, -1.62, -0.76])
    for (const [sparsity, mask] of [
      [0.34, [0, 1, 1]],
      [0.67, [0, 1, 0]],
    ] as const) {
      const [only] = await handWorked({
        method: 'grasp',
        knobs: { sparsity, batches: 1 },
        weights,
        steps: [{ grads, curvature: times(grads) }],
      })
      expectScores(only!.scores, [-4, 9, 4])
      expect(only!.mask).toEqual(mask)
    }
  })
})

describe('SynFlow', () => {
  it('ranks by the flow of this round, not by its mean over rounds', async () => {
    // |w flow|: 3, 2, 9, 2, half stays; then 1 and 0.6. The means would be 2 and 4.8.
    const [half, end] = await handWorked({
      method: 'synflow',
      knobs: { sparsity: 0.75, rounds: 2 },
      weights: [1, -2, 3, 4],
      steps: [{ grads: [3, 1, 3, 0.5] }, { grads: [1, 0, 0.2, 0] }],
    })
    expectScores(half!.scores, [3, 2, 9, 2])
    expect(half!.mask).toEqual([1, 0, 1, 0])
    expectScores(end!.scores, [1, NaN, 0.6, NaN])
    expect(end!.mask).toEqual([1, 0, 0, 0])
  })
})
