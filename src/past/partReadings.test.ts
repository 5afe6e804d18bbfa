import { expect, it } from 'vitest'
import { deflated } from '../core/deflated'
import { toHalves } from '../core/halves'
import type { Frame, Sample } from '../core/recorded'
import { partReadings } from './partReadings'
import { countIn, partsOf, placesIn } from './parts'

const site = { kind: 'neuron', layer: 'mlp', count: 2 } as const
/** 2 x 2 into two neurons, 2 x 3 out of them. */
const matrices = [
  { name: 'in', shape: [2, 2], offset: 0, size: 4, units: { ...site, side: 'enters' as const } },
  { name: 'out', shape: [2, 3], offset: 64, size: 6, units: { ...site, side: 'leaves' as const } },
  { name: 'rest', shape: [3, 2], offset: 128, size: 6 },
]

it('finds by hand what a weight is a part of', () => {
  // Row 1, column 1 of the first matrix: the second neuron, which leaves by the second row of the other one.
  const [row, neuron, layer, ...more] = partsOf(matrices, 3)
  expect(row).toEqual({ kind: 'row', number: 1, runs: [[2, 4]] })
  expect(neuron).toEqual({
    ...{ kind: 'neuron', number: 1 },
    runs: [
      [1, 2],
      [3, 4],
      [67, 70],
    ],
  })
  expect(layer).toEqual({ kind: 'layer', number: 0, runs: [[0, 4]] })
  expect(more).toEqual([])
  expect(partsOf(matrices, 130).map(({ kind }) => kind)).toEqual(['row', 'layer'])
  expect(partsOf(matrices, 20)).toEqual([])
  expect(placesIn(neuron!, Uint32Array.of(0, 1, 2, 3, 64, 66, 67, 69, 70))).toEqual([1, 3, 6, 7])
  expect(countIn(neuron!, Uint32Array.of(0b0010, 0, 0b101000, 0, 0, 0))).toEqual({ size: 5, kept: 3 })
})

const none = { kept: 0, cut: 0 }
const frame = async (step: number, changes: number, sample: Sample | null): Promise<Frame> => ({
  ...{ step, whole: step === 1, cut: 0, back: 0, kept: [], sample },
  classes: { ordinary: none, temporary: none, sentinel: none },
  changes: await deflated([Uint32Array.of(changes, 0, 0, 0, 0, 0)]),
})

it('says of each moment by hand what share of a part is kept, and means over its kept weights', async () => {
  // Sixteen weights are recorded; of row 1 of the first matrix those at places 2 and 3.
  const numbers = (third: number, fourth: number) => toHalves([9, 9, third, fourth, ...Array<number>(12).fill(9)])
  const sample: Sample = {
    value: numbers(-1, 3),
    importance: numbers(0.5, 0.25),
    peak: numbers(0, 0),
    noise: numbers(NaN, NaN),
    gradient: numbers(2, -4),
    code: new Uint8Array(16),
  }
  const cut = { ...sample, code: Uint8Array.from({ length: 16 }, (_, i) => (i === 3 ? 4 : 0)) }
  const frames = [await frame(1, 0, sample), await frame(5, 0b1000, null), await frame(9, 0, cut)]
  const [row] = partsOf(matrices, 2)
  expect(await partReadings({ matrices, frames }, row!)).toEqual([
    { step: 1, kept: 1, value: 2, gradient: 3, noise: null, importance: 0.375 },
    { step: 5, kept: 0.5 },
    { step: 9, kept: 0.5, value: 1, gradient: 2, noise: null, importance: 0.5 },
  ])
})
