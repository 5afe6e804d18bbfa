import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import { maskOf, type Cut, type CutView } from '../core/cut'
import { placeTensors } from '../core/layout'
import { defaults } from '../core/knob'
import { allocate } from '../core/scope'
import { lamp } from './lamp'

/** What LAMP keeps of layers of these weights, `kept` in all, of those that `before` keeps. */
function kept(layers: readonly (readonly number[])[], count: number, before?: Cut): number[][] {
  const layout = placeTensors(
    layers.map((w, i) => ({
      name: `layer${i}`,
      shape: [w.length, 1],
      init: { kind: 'constant', value: 0 },
      prunable: true,
      decay: true,
    })),
  )
  const weights = new Float32Array(layout.length)
  layout.prunable.forEach(({ offset }, i) => {
    weights.set(layers[i]!, offset)
  })
  const view: CutView = {
    layout,
    weights,
    mask: before?.mask ?? maskOf(layout, () => true),
    groups: [{ tensors: layout.prunable, kept: count }],
    seed: 1,
    step: 0,
    inputs: () => Promise.reject(new Error('LAMP looks at weights alone')),
    batch: 8,
    rest: () => Promise.resolve(),
    gradients: () => Promise.reject(new TypeError()),
    gateGradients: () => Promise.resolve(new Map()),
    controlGates: () => Promise.resolve(new Map()),
    quality: () => Promise.reject(new Error('LAMP looks at weights alone')),
  }
  const { mask } = lamp.cut!(view, defaults(lamp.knobs)) as Cut
  return layout.prunable.map(({ offset, size }) =>
    Array.from({ length: size }, (_, i) => Number(bit(mask, offset + i))),
  )
}

describe('LAMP', () => {
  // Squares 9 1 4 1: scores 9/9, 1/(9+4+1+1), 4/(9+4), 1/15 = 1, 0.067, 0.308, 0.067; of the second, 0.25 0.01 0.16: 1,
  // 0.01/0.42, 0.16/0.41 = 1, 0.024, 0.390.
  const layers = [
    [3, -1, 2, 1],
    [0.5, 0.1, -0.4],
  ]

  it('ranks what a weight is of those that are no smaller, over all layers', () => {
    // In order 1, 1, 0.390, 0.308, 0.067 (twice, the first first), 0.024.
    expect(kept(layers, 2)).toEqual([
      [1, 0, 0, 0],
      [1, 0, 0],
    ])
    expect(kept(layers, 3)).toEqual([
      [1, 0, 0, 0],
      [1, 0, 1],
    ])
    expect(kept(layers, 4)).toEqual([
      [1, 0, 1, 0],
      [1, 0, 1],
    ])
    expect(kept(layers, 5)).toEqual([
      [1, 1, 1, 0],
      [1, 0, 1],
    ])
    expect(kept(layers, 6)).toEqual([
      [1, 1, 1, 1],
      [1, 0, 1],
    ])
  })

  it('keeps one weight of every layer, even of zeros and where fewer are asked for', () => {
    expect(
      kept(
        [
          [3, 2],
          [0, 0],
          [1, 1],
        ],
        1,
      ),
    ).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ])
  })

  it('is not fooled by the scale of a layer', () => {
    expect(kept([layers[0]!, layers[1]!.map((w) => 1024 * w)], 4)).toEqual(kept(layers, 4))
  })

  it('keeps exact counts, the largest weights of each layer, and cuts what was cut', () => {
    const layer = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(
        fc.array(layer, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (weights, sparsity) => {
          const size = weights.flat().length
          const count = allocateOne(size, sparsity)
          const masks = kept(weights, count)
          expect(masks.flat().filter(Boolean)).toHaveLength(Math.max(count, weights.length))
          masks.forEach((mask, l) => {
            const smallest = Math.min(...weights[l]!.filter((_, i) => mask[i]).map(Math.abs))
            weights[l]!.forEach((w, i) => {
              if (!mask[i]) expect(Math.abs(w)).toBeLessThanOrEqual(smallest)
            })
          })
        },
      ),
    )
  })

  it('lets cut weights neither count nor come back', () => {
    // Without its 3 the first layer scores -1, 2, 1 as 1/6, 4/4, 1/6: of three weights, its 2 and the second layer's
    // two largest (1, 0.390) stay.
    const layout = placeTensors(
      layers.map((w, i) => ({
        name: `layer${i}`,
        shape: [w.length, 1],
        init: { kind: 'constant', value: 0 },
        prunable: true,
        decay: true,
      })),
    )
    expect(kept(layers, 3, { mask: maskOf(layout, (i) => i !== 0) })).toEqual([
      [0, 0, 1, 0],
      [1, 0, 1],
    ])
  })
})

function allocateOne(size: number, sparsity: number): number {
  const layout = placeTensors([
    { name: 'all', shape: [size, 1], init: { kind: 'constant', value: 0 }, prunable: true, decay: true },
  ])
  return allocate(layout, 'global', sparsity)[0]!.kept
}
