import { expect, test } from 'vitest'
import { lehmer, runKernel } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import { nOfM as kernel } from '..'
import { bitsOf, padded } from '../fixtures'
import { ratioKnobs } from '../../src/methods/pattern'
import { groupPlaces, mostOfGroup, nOfM, ratioStruct, type MatrixPlace } from './nOfM'
import { keptScore, prunedScore } from '../formula/score'

async function both(scores: Uint32Array, tensors: readonly MatrixPlace[], ratio: { keep: number; of: number }) {
  const places = groupPlaces(tensors, ratio.of)
  const gpu = await runKernel(
    kernel,
    { ratio: ratioStruct.write({ keep: ratio.keep, among: ratio.of }), places, scores },
    workgroups(places.length / 4, 1),
  )
  const twin = scores.slice()
  nOfM(twin, tensors, ratio)
  return [gpu.scores, twin] as const
}

test('a thread has room for the largest group that the knob allows', () => {
  expect(mostOfGroup).toBe(ratioKnobs.m.max)
  expect(kernel).toContain(`const mostOfGroup = ${mostOfGroup}u;`)
})

test('2:4 by hand: columns of a 6 x 2 matrix, ties, a pruned weight and a short last group', async () => {
  // Column 0 from the top: 4 1 3 2 | 5 6: keeps 4 and 3; of the last two, ceil(2 * 2 / 4) = 1: 6.
  // Column 1: 7 7 7 7 | pruned 8: of equal ones the first two; of the last group 8.
  const scores = bitsOf([4, 7, 1, 7, 3, 7, 2, 7, 5, 9, 6, 8])
  scores[9] = prunedScore
  const expected = [true, true, false, true, true, false, false, false, false, false, true, true]
  for (const marked of await both(scores, [{ offset: 0, shape: [6, 2] }], { keep: 2, of: 4 })) {
    expect([...marked].map((bits) => bits === keptScore)).toEqual(expected)
    expect(marked[9]).toBe(prunedScore)
    expect(marked[2]).toBe(scores[2])
  }
})

test('of a group with fewer weights left than N, pruned ones are not brought back', async () => {
  const scores = Uint32Array.of(prunedScore, prunedScore, prunedScore, ...bitsOf([1]))
  for (const marked of await both(scores, [{ offset: 0, shape: [4, 1] }], { keep: 2, of: 4 })) {
    expect([...marked]).toEqual([prunedScore, prunedScore, prunedScore, keptScore])
  }
})

test.each([
  [1, 2],
  [2, 4],
  [3, 5],
  [4, 16],
  [31, 32],
  [1, 32],
])('%i:%i keeps as many of every group as it says, on the device as in the twin', async (keep, of) => {
  const sizes = [
    [1, 1],
    [of, 3],
    [67, 5],
    [33, 257],
    [2 * of + 1, 128],
  ] as const
  let offset = 0
  const tensors = sizes.map(([rows, columns]) => {
    const place = { offset, shape: [rows, columns] }
    offset += padded(rows * columns)
    return place
  })
  const draw = lehmer(of)
  // Few distinct values, so that most groups have ties.
  const scores = bitsOf(Float32Array.from({ length: offset }, () => Math.round(draw() * 4)))
  const [gpu, twin] = await both(scores, tensors, { keep, of })
  expect(gpu).toEqual(twin)
  for (const {
    offset,
    shape: [rows = 0, columns = 0],
  } of tensors) {
    for (let row = 0; row < rows; row += of) {
      const count = Math.min(of, rows - row)
      const members = Array.from({ length: count }, (_, k) => gpu[offset + (row + k) * columns + columns - 1])
      expect(members.filter((bits) => bits === keptScore)).toHaveLength(Math.ceil((keep * count) / of))
    }
  }
})
