import { expect, test } from 'vitest'
import { placeTensors } from '../../src/core/layout'
import { allocate } from '../../src/core/scope'
import { awkwardSizes, copies, lehmer, runKernel } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import { mask as maskKernel } from '..'
import { bit, countOnes } from '../../src/core/bits'
import { bitsOf, controlBlock } from '../fixtures'
import { mask } from './mask'
import { freshControl } from '../train/norm'
import { prunedScore, score } from '../formula/score'
import { rankKey, select, selectionTables } from './select'

/** Two prunable tensors of `size` and 77 weights and one of 40 that is not prunable, with something in every buffer. */
function arena(size: number) {
  const spec = (name: string, n: number, prunable: boolean) => ({
    name,
    shape: [n],
    init: { kind: 'constant', value: 0 } as const,
    prunable,
    decay: true,
  })
  const layout = placeTensors([spec('a', size, true), spec('b', 77, true), spec('c', 40, false)])
  const draw = lehmer(size)
  const floats = (length: number) => {
    const data = new Float32Array(length)
    for (const t of layout.tensors)
      for (let i = t.offset; i < Math.min(length, t.offset + t.size); i++) data[i] = draw() + 2
    return data
  }
  return {
    layout,
    buffers: {
      weights: floats(layout.length),
      moment1: floats(layout.length),
      moment2: floats(layout.length),
      importance: floats(layout.prunableLength),
      mask: new Uint32Array(layout.prunableLength / 32),
    },
  }
}

test.each(awkwardSizes)('kept weights keep everything, the others lose everything, at size %i', async (size) => {
  const { layout, buffers } = arena(size)
  const tables = selectionTables(layout, allocate(layout, 'layer', 0.7))
  const scores = bitsOf(buffers.weights.subarray(0, layout.prunableLength))
  const all = { ...buffers, scores, tiles: tables.tiles, thresholds: select(scores, tables) }
  const gpu = await runKernel(maskKernel, { ...copies(all), control: controlBlock() }, workgroups(all.mask.length, 256))
  const twin = copies(all)
  mask(twin, freshControl)
  for (const after of [gpu, twin]) {
    for (const [t, { offset, size: n }] of layout.prunable.entries()) {
      const best = Array.from({ length: n }, (_, i) => offset + i).sort(
        (a, b) => buffers.weights[b]! - buffers.weights[a]! || a - b,
      )
      const kept = new Set(best.slice(0, tables.kept[t]))
      for (const i of best) {
        expect(bit(after.mask, i), `bit ${i}`).toBe(kept.has(i))
        for (const name of ['weights', 'moment1', 'moment2', 'importance'] as const)
          expect(after[name][i], `${name}[${i}]`).toBe(kept.has(i) ? buffers[name][i] : 0)
      }
    }
    const ones = after.mask.reduce((sum, word) => sum + countOnes(word), 0)
    expect(ones, 'padding is never kept').toBe(tables.kept.reduce((a, b) => a + b, 0))
    for (let i = layout.prunableLength; i < layout.length; i++) expect(after.moment1[i]).toBe(buffers.moment1[i])
  }
})

test('masks nest: what was pruned stays pruned whatever its score, and counts stay exact', () => {
  const { layout, buffers } = arena(257)
  const scores = new Uint32Array(layout.prunableLength)
  const noise = new Float32Array(layout.prunableLength)
  buffers.mask.fill(0xffffffff)
  let before = Uint32Array.from(buffers.mask)
  for (const [round, sparsity] of [0.2, 0.5, 0.5, 0.9].entries()) {
    // A formula that ranks the other way round in every second round.
    score(
      { ...buffers, grads: buffers.weights, noiseMean: noise, noiseSquare: noise, own: [], scores },
      (x) => (round % 2 ? -x.w : x.w),
      {
        length: layout.prunableLength,
        ranked: round > 0 ? 'kept' : 'all',
        seed: 1,
        freshSeed: 1,
        stream: 5,
        noiseMeanCorrection: 1,
        noiseSquareCorrection: 1,
        age: 1,
        rate: 0,
        phase: 0,
      },
      () => 0,
    )
    const groups = allocate(layout, 'global', sparsity)
    const tables = selectionTables(layout, groups)
    mask({ ...buffers, scores, tiles: tables.tiles, thresholds: select(scores, tables) }, freshControl)
    expect(buffers.mask.reduce((sum, word) => sum + countOnes(word), 0)).toBe(groups[0]!.kept)
    if (round > 0)
      expect(
        buffers.mask.every((word, i) => (word & ~before[i]!) === 0),
        `round ${round}`,
      ).toBe(true)
    before = Uint32Array.from(buffers.mask)
  }
})

test('a prunable part of one tile leaves the tensors after it alone', async () => {
  const { layout, buffers } = arena(1)
  const scores = bitsOf(new Float32Array(64).fill(Number.NaN))
  const after = await runKernel(
    maskKernel,
    {
      ...buffers,
      control: controlBlock(),
      scores,
      mask: new Uint32Array(2),
      tiles: Uint32Array.of(1),
      thresholds: Uint32Array.of(1, 0),
    },
    [1, 1, 1],
  )
  expect([...after.mask]).toEqual([1, 0])
  expect(after.weights.subarray(64)).toEqual(buffers.weights.subarray(64))
  expect(layout.prunableLength).toBe(192)
})

test('a weight that nested masks hold pruned is no member, even where a group keeps more than it has', async () => {
  const { buffers } = arena(1)
  // Three weights, the second pruned before; the group is to keep all three.
  const scores = Uint32Array.of(0x3f800000, prunedScore, 0x3f800000, ...new Array<number>(61).fill(0))
  const before = {
    ...buffers,
    scores,
    mask: new Uint32Array(2),
    tiles: Uint32Array.of(3),
    thresholds: Uint32Array.of(0, 0xffffffff),
  }
  const twin = copies(before)
  mask(twin, freshControl)
  for (const after of [await runKernel(maskKernel, { ...copies(before), control: controlBlock() }, [1, 1, 1]), twin])
    expect([...after.mask]).toEqual([0b101, 0])
})

test('what is cut free loses its value and keeps its moments', async () => {
  const { buffers } = arena(1)
  // Of three weights, the one that scores least is cut.
  const scores = Uint32Array.of(0x40000000, 0x3f800000, 0x40000000, ...new Array<number>(61).fill(0))
  const tables = { tiles: Uint32Array.of(3), thresholds: Uint32Array.of(rankKey(0x40000000), 0xffffffff) }
  const given = {
    ...buffers,
    weights: buffers.weights.fill(5),
    moment1: buffers.moment1.fill(6),
    moment2: buffers.moment2.fill(7),
    importance: buffers.importance.fill(8),
  }
  const before = { ...given, ...tables, scores, mask: new Uint32Array(2) }
  const twin = copies(before)
  mask(twin, freshControl, 'free')
  for (const after of [
    await runKernel(maskKernel, { ...copies(before), control: controlBlock() }, [1, 1, 1], { entryPoint: 'free' }),
    twin,
  ]) {
    expect([...after.mask]).toEqual([0b101, 0])
    const first = (name: 'weights' | 'moment1' | 'moment2' | 'importance') => [...after[name].subarray(0, 3)]
    expect([first('weights'), first('moment1'), first('moment2'), first('importance')]).toEqual([
      [5, 0, 5],
      [6, 6, 6],
      [7, 7, 7],
      [8, 0, 8],
    ])
  }
})

test('after a halt nothing is cut', async () => {
  const { buffers } = arena(64)
  const before = {
    ...buffers,
    mask: new Uint32Array(buffers.mask.length).fill(0xffffffff),
    scores: new Uint32Array(buffers.importance.length),
    tiles: new Uint32Array(buffers.mask.length / 2).fill(64),
    thresholds: Uint32Array.of(0xffffffff, 0),
  }
  const gpu = await runKernel(maskKernel, { ...copies(before), control: controlBlock(0, 1) }, [1, 1, 1])
  const twin = copies(before)
  mask(twin, { ...freshControl, halted: 1 })
  for (const after of [gpu, twin]) expect(after).toMatchObject(before)
  mask(twin, freshControl)
  expect(
    twin.weights.subarray(0, 64).every((w) => w === 0),
    'the same call cuts where nothing halted',
  ).toBe(true)
})
