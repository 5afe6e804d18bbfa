import { expect, it } from 'vitest'
import { countGates } from './gateCounts'
import { placeTensors } from './layout'
import type { TensorSpec } from './model'

const spec = (name: string, size: number, gate: boolean): TensorSpec => ({
  name,
  shape: [size],
  init: { kind: 'constant', value: 1 },
  prunable: false,
  decay: false,
  ...(gate ? { gate: true } : {}),
})

it('counts gates by size and leaves padding and other tensors out', () => {
  // Gates lie last whatever their place in the list: bias at 0, gates of 3 at 64, of 2 at 128.
  const layout = placeTensors([spec('a/gates', 3, true), spec('bias', 5, false), spec('b/gates', 2, true)])
  expect([layout.gatesFrom, layout.length]).toEqual([64, 192])
  const gates = new Float32Array(128)
  gates.set([0, -0.5, 0.019], 0)
  gates.set([0.021, 0.021], 64)
  const { counts, ...rest } = countGates(layout, gates)
  // Bins of 0.02: 0.019 in bin 0, twice 0.021 in bin 1, 0.5 in bin 25. Mean (0.5 + 0.019 + 0.042) / 5 = 0.1122.
  expect(counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []))).toEqual([
    [0, 1],
    [1, 2],
    [25, 1],
  ])
  expect(rest).toMatchObject({ top: 1, total: 5, cut: 1 })
  expect(rest.mean).toBeCloseTo(0.1122, 6)
})

it('the axis ends with the largest gate above 1, which lies in the last bin', () => {
  const layout = placeTensors([spec('gates', 2, true)])
  const { counts, top } = countGates(layout, Float32Array.of(2, 0.99))
  expect([top, counts[49], counts[24]]).toEqual([2, 1, 1])
})
