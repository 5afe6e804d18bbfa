import { describe, expect, it } from 'vitest'
import { placeTensors } from '../../core/layout'
import type { TensorSpec } from '../../core/model'
import { initialWeights } from './initial'

function matrix(
  name: string,
  rows: number,
  columns: number,
  init: TensorSpec['init'] = { kind: 'normal', deviation: 0.02 },
): TensorSpec {
  return { name, shape: [rows, columns], init, prunable: true, decay: true }
}

describe('initial weights', () => {
  const layout = placeTensors([
    matrix('normal', 50, 40),
    matrix('uniform', 50, 40, { kind: 'uniform', limit: 0.1 }),
    { ...matrix('ones', 1, 5, { kind: 'constant', value: 1 }), prunable: false, decay: false },
  ])
  const weights = initialWeights(layout, 1)
  const of = (name: string) => {
    const t = layout.tensors.find((x) => x.name === name)!
    return weights.subarray(t.offset, t.offset + t.size)
  }

  it('have the deviation and the limits that the recipe says', () => {
    // A normal cut at two deviations has 0.8796 of the deviation.
    const deviation = Math.sqrt(of('normal').reduce((sum, w) => sum + w * w, 0) / 2000)
    expect(deviation / 0.02).toBeGreaterThan(0.84)
    expect(deviation / 0.02).toBeLessThan(0.92)
    expect(Math.max(...of('normal').map(Math.abs))).toBeLessThanOrEqual(0.04)
    expect(Math.max(...of('uniform').map(Math.abs))).toBeLessThanOrEqual(0.1)
    expect(of('uniform').reduce((a, b) => a + b) / 2000).toBeCloseTo(0, 2)
    expect([...of('ones')]).toEqual([1, 1, 1, 1, 1])
  })

  it('depend on the seed and on the name, not on the other tensors', () => {
    const alone = placeTensors([matrix('uniform', 50, 40, { kind: 'uniform', limit: 0.1 })])
    expect(initialWeights(alone, 1).slice(0, 2000)).toEqual(of('uniform').slice())
    expect(initialWeights(alone, 2).slice(0, 10)).not.toEqual(of('uniform').slice(0, 10))
  })
})
