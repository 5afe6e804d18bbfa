import { describe, expect, it } from 'vitest'
import { expectScores, handWorked } from './testing/handWorked'

describe('SNIP', () => {
  it('averages gradients before the absolute value, and breaks ties by the lower index', async () => {
    // Mean gradients (3 + 1) / 2 = 2, (3 - 3) / 2 = 0, (1 + 1) / 2 = 1, (-1 - 3) / 2 = -2; times w: 2, 0, 4, 4.
    const [first, second] = await handWorked({
      method: 'snip', knobs: { sparsity: 0.75, batches: 2 }, weights: [1, 5, -4, 2], steps: [{ grads: [3, 3, 1, -1] }, { grads: [1, -3, 1, -3] }],
    })
    expect([first!.event, first!.mask]).toEqual([false, [1, 1, 1, 1]])
    expectScores(second!.scores, [2, 0, 4, 4])
    // One of four: 4 = 4, and index 2 is the lower.
    expect(second!.mask).toEqual([0, 0, 1, 0])
  })
})
