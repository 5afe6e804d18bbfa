import { expect, test } from 'vitest'
import { lehmer, runKernel } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import { columnBest as kernel } from '..'
import { columnBest, columnTable } from './columnBest'
import { bitsOf, padded } from '../fixtures'
import type { MatrixPlace } from './nOfM'
import { keptScore, prunedScore } from '../formula/score'

async function both(scores: Uint32Array, matrices: readonly MatrixPlace[], kept: readonly number[]) {
  const columns = columnTable(matrices, kept)
  const gpu = await runKernel(kernel, { columns, scores }, workgroups(columns.length / 4, 64))
  const twin = scores.slice()
  columnBest(twin, columns)
  return [gpu.scores, twin] as const
}

test('shares a count so that columns differ by one, the first keeps more; a smaller count takes from each', () => {
  const table = (kept: number) =>
    [...columnTable([{ offset: 32, shape: [4, 3] }], [kept])].filter((_, i) => i % 4 === 3)
  expect([7, 6, 5, 2, 0].map(table)).toEqual([
    [3, 2, 2],
    [2, 2, 2],
    [2, 2, 1],
    [1, 1, 0],
    [0, 0, 0],
  ])
  expect([...columnTable([{ offset: 32, shape: [4, 3] }], [7])].slice(4, 8)).toEqual([33, 4, 3, 2])
})

test('a 4 x 2 matrix by hand: ties, a negative score, a pruned weight', async () => {
  // Column 0 from the top: 2 5 5 5, keeps 2: of the equal ones the upper two. Column 1: pruned -1 -3 pruned, keeps 1 of
  // 3 / 2: -1.
  const scores = bitsOf([2, 0, 5, -1, 5, -3, 5, 0])
  scores[1] = scores[7] = prunedScore
  for (const marked of await both(scores, [{ offset: 0, shape: [4, 2] }], [3])) {
    expect([...marked].map((bits) => bits === keptScore)).toEqual([false, false, true, true, true, false, false, false])
    expect([marked[1], marked[7], marked[0]]).toEqual([prunedScore, prunedScore, scores[0]])
  }
})

test('what is pruned stays so where a column has fewer left than it may keep', async () => {
  const scores = Uint32Array.of(prunedScore, ...bitsOf([1]), prunedScore, prunedScore)
  for (const marked of await both(scores, [{ offset: 0, shape: [4, 1] }], [3])) {
    expect([...marked]).toEqual([prunedScore, keptScore, prunedScore, prunedScore])
  }
})

test.each([0, 0.1, 0.5, 0.93, 1])(
  'keeps a share of %f of every column, on the device as in the twin',
  async (share) => {
    let offset = 0
    const matrices = (
      [
        [1, 1],
        [7, 3],
        [67, 5],
        [33, 257],
      ] as const
    ).map(([rows, columns]) => {
      const place = { offset, shape: [rows, columns] }
      offset += padded(rows * columns)
      return place
    })
    const draw = lehmer(3)
    // Few distinct values, so that most columns have ties.
    const scores = bitsOf(Float32Array.from({ length: offset }, () => Math.round(draw() * 8) - 4))
    const kept = matrices.map(({ shape: [rows = 0, columns = 0] }) => Math.round(share * rows * columns))
    const [gpu, twin] = await both(scores, matrices, kept)
    expect(gpu).toEqual(twin)
    expect(gpu.reduce((sum, bits) => sum + Number(bits === keptScore), 0)).toBe(kept.reduce((a, b) => a + b, 0))
  },
)
