import { describe, expect, it } from 'vitest'
import { maskOf, maskWithout } from './cut'
import { placeTensors } from './layout'
import type { TensorSpec, UnitSlices } from './model'
import { unitsOf } from './units'

const spec = (name: string, shape: number[], units?: UnitSlices): TensorSpec => ({
  name,
  shape,
  init: { kind: 'constant', value: 0 },
  prunable: true,
  decay: true,
  ...(units ? { units } : {}),
})
const neuron = (side: UnitSlices['side']) => ({ kind: 'neuron', layer: 'mlp', side, count: 3 }) as const
/** Two inputs, three neurons, two outputs: `in` [2, 3] at 0 to 5, `out` [3, 2] at 64 to 69. */
const layout = placeTensors([spec('in', [2, 3], neuron('enters')), spec('out', [3, 2], neuron('leaves'))])

describe('masks of cuts in JavaScript', () => {
  it('hold what is kept, and zeros in the padding', () => {
    // Even indices: bits 0, 2, 4 of word 0 (21) and of word 2 (64 = 2 * 32).
    expect([...maskOf(layout, (i) => i % 2 === 0)]).toEqual([21, 0, 21, 0])
    expect([...maskOf(layout, () => true)]).toEqual([63, 0, 63, 0])
  })

  it('lose the weights of cut units in every matrix, and those alone', () => {
    const units = unitsOf(layout, { kind: 'neuron', score: 'sum' })
    // Neuron 1: column 1 of `in`, bits 1 and 4: 63 - 2 - 16 = 45; row 1 of `out`, bits 2 and 3: 63 - 4 - 8 = 51.
    expect([
      ...maskWithout(
        maskOf(layout, () => true),
        units,
        (unit) => unit === 1,
      ),
    ]).toEqual([45, 0, 51, 0])
    expect([
      ...maskWithout(
        maskOf(layout, () => true),
        units,
        () => false,
      ),
    ]).toEqual([63, 0, 63, 0])
  })
})
