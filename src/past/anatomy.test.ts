import { expect, it } from 'vitest'
import { modelOf } from '../config/modelOf'
import { compact, unitsLeft } from '../core/compact'
import { setBit } from '../core/bits'
import { placeTensors } from '../core/layout'
import { uniform } from '../core/random'
import { experimentOf, smallVit } from '../engine/testing'
import { anatomyOf } from './anatomy'

it('says of each head and neuron how much is kept, and which are dead', async () => {
  const units = { kind: 'neuron', layer: 'mlp', count: 2 } as const
  // 3 x 2 into two neurons, 2 x 2 out of them.
  const matrices = [
    { name: 'in', shape: [3, 2], offset: 0, size: 6, units: { ...units, side: 'enters' as const } },
    { name: 'out', shape: [2, 2], offset: 64, size: 4, units: { ...units, side: 'leaves' as const } },
    { name: 'rest', shape: [5, 2], offset: 128, size: 10 },
  ]
  // Of the first neuron two of three weights in and one out; of the second one in and none out.
  const mask = Uint32Array.of(0b010101 ^ 0b010010, 0, 0b0001, 0, 0x3ff, 0)
  const { layers, sizes, before, after } = await anatomyOf(matrices, mask)
  expect(layers).toEqual([{ kind: 'neuron', layer: 'mlp', shares: [3 / 5, 1 / 5], dead: [false, true] }])
  // Half of both matrices goes: a column of the first one, a row of the second one.
  expect([before, after]).toEqual([20, 15])
  expect(sizes).toEqual([
    { name: 'in', before: [3, 2], after: [3, 1] },
    { name: 'out', before: [2, 2], after: [1, 2] },
    { name: 'rest', before: [5, 2], after: [5, 2] },
  ])
})

it('agrees with what rebuilding the model takes out', async () => {
  const experiment = experimentOf(smallVit)
  const input = { task: 'image', shape: [8, 8, 3], classes: 10 } as const
  const layout = placeTensors(modelOf(experiment).tensors(experiment.model.values, input))
  const mask = new Uint32Array(layout.prunableLength / 32)
  for (const { offset, size } of layout.prunable)
    for (let i = offset; i < offset + size; i++) setBit(mask, i, uniform(1, 1, i) < 0.1)
  const { layers, sizes } = await anatomyOf(layout.prunable, mask)
  const kept = layers.map(({ dead }) => dead.flatMap((d, i) => (d ? [] : [i])))
  expect(kept).toEqual(unitsLeft(layout, mask).map((layer) => layer.kept))
  expect(layers.some(({ dead }) => dead.includes(true))).toBe(true)
  const rebuilt = compact(layout, new Float32Array(layout.length), mask)
  expect(sizes.map(({ after }) => after)).toEqual(rebuilt?.layout.prunable.map(({ shape }) => shape))
})
