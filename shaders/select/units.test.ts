import { describe, expect, test } from 'vitest'
import { placeTensors } from '../../src/core/layout'
import type { UnitKind } from '../../src/core/granularity'
import { unitsOf } from '../../src/core/units'
import { lehmer, runKernel } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import { blockTensors } from '../../src/models/blocks'
import { unitBest as bestKernel, unitScores as scoresKernel, unitSpread as spreadKernel } from '..'
import { bitsOf, maskOf } from '../fixtures'
import { keptScore, prunedScore } from '../formula/score'
import { unitBest, unitScores, unitSpread, type UnitScore } from './units'

const matrix = (rows: number, columns: number) =>
  placeTensors([
    { name: 'a', shape: [rows, columns], init: { kind: 'constant', value: 0 }, prunable: true, decay: true },
  ])

async function scored(scores: Uint32Array, units: ReturnType<typeof unitsOf>, kind: UnitScore): Promise<Uint32Array[]> {
  const { spans, table } = units
  const buffers = { spans, units: table, scores, unitScores: new Uint32Array(table.length / 4) }
  const gpu = await runKernel(scoresKernel, buffers, workgroups(table.length / 4, 1), { entryPoint: kind })
  return [gpu.unitScores, unitScores(scores, units, kind)]
}

const floats = (bits: Uint32Array) => [...new Float32Array(bits.slice().buffer)]

describe('scores of units', () => {
  test('by hand: rows and columns of a 2 x 3 matrix', async () => {
    // 1 2 3 / 4 5 -9: rows 6/3 = 2 and 0/3 = 0; columns 5/2, 7/2, -6/2; the gate takes the size: 3.
    const scores = new Uint32Array(64)
    scores.set(bitsOf([1, 2, 3, 4, 5, -9]))
    const third = Math.fround(1 / 3)
    for (const found of await scored(scores, unitsOf(matrix(2, 3), { kind: 'row', score: 'sum' }), 'sum')) {
      expect(floats(found).slice(0, 2)).toEqual([Math.fround(6 * third), 0])
    }
    const columns = unitsOf(matrix(2, 3), { kind: 'column', score: 'sum' })
    for (const found of await scored(scores, columns, 'sum')) expect(floats(found).slice(0, 3)).toEqual([2.5, 3.5, -3])
    for (const found of await scored(scores, columns, 'gate')) expect(floats(found).slice(0, 3)).toEqual([2.5, 3.5, 3])
  })

  test('what is pruned or kept beforehand is so as a unit, and a score that is no number is the worst', async () => {
    const scores = new Uint32Array(64)
    scores.set([prunedScore, prunedScore, keptScore, keptScore, ...bitsOf([1, Infinity])])
    for (const found of await scored(scores, unitsOf(matrix(3, 2), { kind: 'row', score: 'sum' }), 'sum')) {
      expect([...found.slice(0, 3)]).toEqual([prunedScore, keptScore, 0x7fc00000])
    }
  })

  test.each<[UnitKind, UnitScore]>([
    ['head', 'sum'],
    ['head', 'gate'],
    ['neuron', 'gate'],
    ['row', 'sum'],
    ['column', 'gate'],
    ['block', 'sum'],
  ])('%s, %s: the same bits on the device as in the twin', async (kind, score) => {
    const layout = placeTensors(blockTensors('block0', { width: 36, heads: 3, ratio: 2 }))
    const units = unitsOf(layout, { kind, score, side: 4 })
    const draw = lehmer(5)
    const [gpu, twin] = await scored(bitsOf(Float32Array.from({ length: layout.prunableLength }, draw)), units, score)
    expect(gpu).toEqual(twin)
  })
})

test('the best unit of every layer stays: the first of equal ones, none where all are pruned', async () => {
  const scores = new Uint32Array(256 + 320)
  scores.set([...bitsOf([1, 3, 3]), prunedScore], 0)
  scores.set([prunedScore, prunedScore], 64)
  scores.set(bitsOf(Float32Array.from({ length: 300 }, (_, i) => (i === 290 ? -1 : -2))), 128)
  const layers = Uint32Array.of(0, 4, 64, 2, 128, 300)
  const gpu = await runKernel(bestKernel, { layers, unitScores: scores }, [3, 1, 1])
  const twin = scores.slice()
  unitBest(twin, { layers })
  for (const after of [gpu.unitScores, twin]) {
    expect([...after.keys()].filter((i) => after[i] === keptScore)).toEqual([1, 128 + 290])
    expect([after[64], after[65]]).toEqual([prunedScore, prunedScore])
  }
})

test.each<UnitKind>(['head', 'neuron', 'row', 'column', 'block'])(
  '%s: every weight becomes what its unit is, the others keep their score',
  async (kind) => {
    const layout = placeTensors(blockTensors('block0', { width: 12, heads: 3, ratio: 2 }))
    const { layout: places, spans, table, layers, weights } = unitsOf(layout, { kind, score: 'sum', side: 2 })
    const members = maskOf(places.prunableLength, (i) => i % 3 === 0 && table[4 * i + 2] !== 0)
    const scores = bitsOf(new Float32Array(layout.prunableLength).fill(1))
    const gpu = await runKernel(spreadKernel, { spans, units: table, members, scores }, workgroups(table.length / 4, 1))
    const twin = scores.slice()
    unitSpread(twin, { spans, table, layers }, members)
    expect(gpu.scores).toEqual(twin)
    const count = (bits: number) => twin.filter((score) => score === bits).length
    const expected = places.prunable.reduce((sum, t, i) => sum + (weights[i] ?? 0) * Math.ceil(t.size / 3), 0)
    expect(count(keptScore)).toBe(expected)
    const inside = places.prunable.reduce((sum, t, i) => sum + (weights[i] ?? 0) * t.size, 0)
    expect(count(keptScore) + count(prunedScore)).toBe(inside)
  },
)
