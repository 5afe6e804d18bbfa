import { describe, expect, it } from 'vitest'
import { blockTensors } from '../models/blocks'
import { candidatesOf, keptOfTensor } from './candidates'
import type { UnitGranularity, UnitKind } from './granularity'
import { placeTensors } from './layout'
import { Problem } from './problem'
import { unitsOf, type Units } from './units'

const layout = placeTensors([
  ...blockTensors('block0', { width: 4, heads: 2, ratio: 2 }),
  ...blockTensors('block1', { width: 4, heads: 2, ratio: 2 }),
])
const granularity = (kind: UnitKind, side = 2): UnitGranularity => ({ kind, score: 'sum', side })

/** Weights of a unit by tensor, as flat indices within each. */
function weightsOf({ spans, table }: Units, place: number, leaving = false): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  for (let s = table[4 * place + (leaving ? 1 : 0)]!; s < table[4 * place + 2]!; s++) {
    const [start = 0, rows = 0, stride = 0, columns = 0] = spans.subarray(4 * s, 4 * s + 4)
    const tensor = layout.prunable.findLast((t) => t.offset <= start)!
    found[tensor.name] = Array.from(
      { length: rows * columns },
      (_, k) => start - tensor.offset + Math.floor(k / columns) * stride + (k % columns),
    )
  }
  return found
}

describe('units of a transformer', () => {
  it('head 1 of width 4: columns 2 and 3 of query, key and value, rows 2 and 3 of output', () => {
    const units = unitsOf(layout, granularity('head'))
    const columns = [2, 3, 6, 7, 10, 11, 14, 15]
    const left = { 'block0/attention/output/weights': [8, 9, 10, 11, 12, 13, 14, 15] }
    expect(weightsOf(units, 1)).toEqual({
      'block0/attention/query/weights': columns,
      'block0/attention/key/weights': columns,
      'block0/attention/value/weights': columns,
      ...left,
    })
    expect(weightsOf(units, 1, true)).toEqual(left)
    expect(units.layout.prunable.map(({ name, size }) => [name, size])).toEqual([
      ['block0/attention', 2],
      ['block1/attention', 2],
    ])
    expect(units.weights).toEqual([32, 32])
  })

  it('neuron 5 of 8: column 5 of in [4, 8], row 5 of out [8, 4]', () => {
    const units = unitsOf(layout, granularity('neuron'))
    expect(weightsOf(units, 5)).toEqual({
      'block0/mlp/in/weights': [5, 13, 21, 29],
      'block0/mlp/out/weights': [20, 21, 22, 23],
    })
    expect(new Float32Array(units.table.buffer)[4 * 5 + 3]).toBe(1 / 8)
  })

  it.each<[UnitKind, number]>([
    ['row', 4 * 4 + 4 + 8],
    ['column', 4 * 4 + 8 + 4],
    ['block', 4 * 4 + 8 + 8],
  ])('%s: every prunable weight is in exactly one', (kind, count) => {
    const units = unitsOf(layout, granularity(kind))
    const seen = [...units.table.keys()]
      .filter((i) => i % 4 === 0)
      .flatMap((i) => Object.entries(weightsOf(units, i / 4)).flatMap(([name, at]) => at.map((k) => `${name} ${k}`)))
    expect(units.layout.prunableCount).toBe(2 * count)
    expect([seen.length, new Set(seen).size]).toEqual([layout.prunableCount, layout.prunableCount])
  })

  it('says what is wrong where there are none, or blocks do not fit', () => {
    const plain = placeTensors([
      { name: 'a', shape: [6, 4], init: { kind: 'constant', value: 0 }, prunable: true, decay: true },
    ])
    expect(() => unitsOf(plain, granularity('head'))).toThrow(Problem)
    expect(() => unitsOf(plain, granularity('block', 4))).toThrow(/4 x 4 do not divide a, which is 6 x 4/)
  })
})

describe('counts', () => {
  it('of units: exact by size, at least one of every layer', () => {
    const rows = candidatesOf(layout, granularity('row'))
    // Rows of 4 weights: 2 x (4 x 4 + 8) = 48 in ten matrices; rows of 8: 2 x 4 = 8 in two. Half: 24 and 4, 24 x 4 + 4
    // x 8 = 128 weights.
    const half = rows.groups('global', 0.5)
    expect(half.map(({ tensors, kept }) => [tensors.length, kept])).toEqual([
      [10, 24],
      [2, 4],
    ])
    expect(rows.weights(half)).toBe(128)
    expect(rows.groups('global', 0.99).map(({ kept }) => kept)).toEqual([10, 2])
  })

  it('of units: weights outside them are left', () => {
    // Neurons hold 2 x 8 x 8 = 128 of 2 x 128 weights; half of them leaves 64 + 128.
    const neurons = candidatesOf(layout, granularity('neuron'))
    expect(neurons.weights(neurons.groups('layer', 0.5))).toBe(192)
  })

  it('of N:M: a short last group keeps its share, rounded up', () => {
    // 10 inputs by 4: 2 + 2 + ceil(2 * 2 / 4) = 5 of every column; 11 by 4: 2 + 2 + ceil(2 * 3 / 4) = 6.
    const ratio = { kind: 'n:m', keep: 2, of: 4 } as const
    const of = (rows: number) =>
      keptOfTensor(
        ratio,
        placeTensors([
          { name: 'a', shape: [rows, 3], init: { kind: 'constant', value: 0 }, prunable: true, decay: true },
        ]).prunable[0]!,
      )
    expect([of(10), of(11), of(3), of(8)]).toEqual([15, 18, 6, 12])
  })
})
