import { describe, expect, it } from 'vitest'
import type { Matrix } from './testing/handWorked'
import { handWorked } from './testing/handWorked'

const once = { schedule: 'once', at: 1 }

describe('structured', () => {
  // Mean squares of columns: (1 + 1) / 2, (4 + 0) / 2, (9 + 1) / 2; of rows: 14/3 and 2/3.
  const matrix = { matrices: [{ shape: [2, 3] }] satisfies Matrix[], weights: [1, 2, 3, 1, 0, -1], steps: [{}] }

  it.each([
    ['column', [0, 1, 1, 0, 1, 1]],
    ['row', [1, 1, 1, 0, 0, 0]],
  ])('cuts the %s of smallest mean square', async (unit, mask) => {
    const [only] = await handWorked({ method: 'structured', knobs: { ...once, unit, sparsity: 0.4 }, ...matrix })
    // Kept: round(3 * 0.6) = 2 columns, round(2 * 0.6) = 1 row.
    expect(only!.mask).toEqual(mask)
  })

  it('cuts square blocks', async () => {
    // Squares of the left block: 1 + 4 + 9 + 0 = 14, of the right one: 1 + 1 + 4 + 4 = 10.
    const [only] = await handWorked({
      method: 'structured',
      knobs: { ...once, unit: 'block', side: '2', sparsity: 0.5 },
      matrices: [{ shape: [2, 4] }],
      weights: [1, 2, 1, 1, 3, 0, 2, 2],
      steps: [{}],
    })
    expect(only!.mask).toEqual([1, 1, 0, 0, 1, 1, 0, 0])
  })

  /** An MLP of width 2 with three neurons: neuron j is column j of the first matrix and row j of the second. */
  const mlp: Matrix[] = [
    { shape: [2, 3], units: { kind: 'neuron', layer: 'mlp', side: 'enters', count: 3 } },
    { shape: [3, 2], units: { kind: 'neuron', layer: 'mlp', side: 'leaves', count: 3 } },
  ]
  const weights = [1, 3, 0, 1, 3, 0, 1, 1, 2, -2, 3, 0]

  it('cuts neurons out of both matrices, by the mean square of all their weights', async () => {
    // (1 + 1 + 1 + 1) / 4, (9 + 9 + 4 + 4) / 4, (0 + 0 + 9 + 0) / 4; round(3 * 0.6) = 2 stay.
    const [only] = await handWorked({
      method: 'structured',
      knobs: { ...once, unit: 'neuron', sparsity: 0.4 },
      matrices: mlp,
      weights,
      steps: [{}],
    })
    expect(only!.mask).toEqual([0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1])
  })

  it('Taylor looks at the weights by which a neuron leaves, signed within it', async () => {
    // Sums of w g over rows of the second matrix: 1 + 1, 2 - 2, -3 + 0: neuron 1, the largest of all, goes.
    const grads = [9, 9, 9, 9, 9, 9, 1, 1, 1, 1, -1, 5]
    const [only] = await handWorked({
      method: 'structured',
      knobs: { ...once, unit: 'neuron', taylor: true, sparsity: 0.4 },
      matrices: mlp,
      weights,
      steps: [{ grads }],
    })
    expect(only!.mask).toEqual([1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1])
  })

  it('cuts heads: columns by which they are entered and rows by which they are left', async () => {
    // Two heads of one column: squares 1 + 9 + 1 + 1 = 12 and 4 + 4 + 4 + 4 = 16, over 4 weights each.
    const attention: Matrix[] = [
      { shape: [2, 2], units: { kind: 'head', layer: 'attention', side: 'enters', count: 2 } },
      { shape: [2, 2], units: { kind: 'head', layer: 'attention', side: 'leaves', count: 2 } },
    ]
    const [only] = await handWorked({
      method: 'structured',
      knobs: { ...once, unit: 'head', sparsity: 0.5 },
      matrices: attention,
      weights: [1, 2, 3, 2, 1, 1, 2, 2],
      steps: [{}],
    })
    expect(only!.mask).toEqual([0, 1, 0, 1, 0, 0, 1, 1])
  })
})

describe('N:M', () => {
  it('keeps the two largest of every four inputs of an output', async () => {
    // Columns 1 2 3 4 and -4 3 -2 1.
    const [only] = await handWorked({
      method: 'nm',
      knobs: once,
      matrices: [{ shape: [4, 2] }],
      weights: [1, -4, 2, 3, 3, -2, 4, 1],
      steps: [{}],
    })
    expect(only!.mask).toEqual([0, 1, 0, 1, 1, 0, 1, 0])
  })

  it("keeps a shorter last group's share, rounded up", async () => {
    // 1:3 of five inputs: one of the first three, ceil(2/3) = 1 of the last two; ties to the lower index.
    const [only] = await handWorked({
      method: 'nm',
      knobs: { ...once, n: 1, m: 3 },
      matrices: [{ shape: [5, 1] }],
      weights: [1, -1, 0.5, 2, -3],
      steps: [{}],
    })
    expect(only!.mask).toEqual([1, 0, 0, 0, 1])
  })

  it("on the way ranks only what is not among its group's best", async () => {
    // After step 0 of 2: 0.5 (1 - 1/8) = 0.4375 of 8, round(4.5) = 5 stay: two of each group, and of 5, 6, 1, 0.5 the
    // largest.
    const [first, last] = await handWorked({
      method: 'nm',
      knobs: { begin: 0, end: 1, every: 1 },
      matrices: [{ shape: [8, 1] }],
      weights: [5, 8, 6, 7, 1, 3, 0.5, 2],
      steps: [{}, {}],
    })
    expect(first!.mask).toEqual([0, 1, 1, 1, 0, 1, 0, 1])
    expect(last!.mask).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
  })
})
