import { describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import { maskOf, type Cut, type CutView } from '../core/cut'
import { defaults } from '../core/knob'
import { placeTensors } from '../core/layout'
import { RandomStream, streams } from '../core/random'
import type { TensorSpec, UnitSlices } from '../core/model'
import { unitsOf } from '../core/units'
import { greedy } from './greedy'

const neuron = (layer: string, side: UnitSlices['side']) => ({ kind: 'neuron', layer, side, count: 3 }) as const
const matrix = (name: string, shape: [number, number], units: UnitSlices): TensorSpec => ({
  name,
  shape,
  units,
  init: { kind: 'constant', value: 0 },
  prunable: true,
  decay: true,
})
/** Two layers of three neurons, one input and one output each. */
const layout = placeTensors(
  ['a', 'b'].flatMap((layer) => [
    matrix(`${layer}/in`, [1, 3], neuron(layer, 'enters')),
    matrix(`${layer}/out`, [3, 1], neuron(layer, 'leaves')),
  ]),
)
const values = (name: string, weights: Float32Array) => {
  const { offset, size } = layout.prunable.find((t) => t.name === name)!
  return [...weights.subarray(offset, offset + size)]
}

async function cutTo(count: number, knobs = {}, seed = 1) {
  const weights = new Float32Array(layout.length).fill(1)
  weights.set([2, 1, 1], layout.prunable.find(({ name }) => name === 'a/out')!.offset)
  const measured: { names: readonly string[]; behind: Cut }[] = []
  const units = unitsOf(layout, { kind: 'neuron', score: 'sum' })
  const view: CutView = {
    layout,
    weights,
    units,
    mask: maskOf(layout, () => true),
    seed,
    step: 9,
    groups: units.layout.prunable.map((t) => ({ tensors: [t], kept: count })),
    batch: 8,
    rest: () => Promise.resolve(),
    gradients: () => Promise.reject(new TypeError()),
    gateGradients: () => Promise.resolve(new Map()),
    controlGates: () => Promise.resolve(new Map()),
    quality: () => Promise.reject(new Error('greedy selection asks for no labels')),
    inputs: (names, moment, batches, behind) => {
      expect([moment, batches]).toEqual(['products', 8])
      measured.push({ names, behind: behind! })
      // Neurons that never fire together: G is the unit matrix.
      return Promise.resolve(new Map(names.map((name) => [name, Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)])))
    },
  }
  return { cut: await greedy.cut!(view, { ...defaults(greedy.knobs), ...knobs }), measured }
}

describe('greedy forward selection as a method', () => {
  it('keeps the units that imitate a layer, their shares folded into the weights by which they leave', async () => {
    // Layer a: Q = diag(4, 1, 1), as worked out in src/maths/imitation.test.ts: units 0 and 1, half each, D a = 1.5.
    // Layer b: Q = 1: with D = 3 the first alone has c = (-2, 1, 1) and loses 6, as any; then (-0.5, -0.5, 1) loses
    // 1.5, as the third would: 0 and 1 again.
    const { cut } = await cutTo(2)
    expect(values('a/out', cut.weights!)).toEqual([3, 1.5, 0])
    expect(values('b/out', cut.weights!)).toEqual([1.5, 1.5, 0])
    for (const { offset } of layout.prunable)
      expect([0, 1, 2].map((i) => bit(cut.mask, offset + i))).toEqual([true, true, false])
  })

  it('measures each layer after the ones that are done', async () => {
    const { measured } = await cutTo(1)
    expect(measured.map(({ names }) => names)).toEqual([['a/out'], ['b/out']])
    // One unit stands for three: of layer a unit 1, at three times its weight.
    expect(values('a/out', measured[0]!.behind.weights!)).toEqual([2, 1, 1])
    expect(values('a/out', measured[1]!.behind.weights!)).toEqual([0, 3, 0])
  })

  it('stops sooner where the tolerance says so', async () => {
    // Of layer a 0.375 is lost with two units; of layer b 1.5 / 3 = 0.5, so that it needs all three.
    const { cut } = await cutTo(3, { tolerance: 0.4 })
    expect([bit(cut.mask, layout.prunable[1]!.offset + 2), bit(cut.mask, layout.prunable[3]!.offset + 2)]).toEqual([
      false,
      true,
    ])
  })

  it('tries no more units than it may, drawn by lot', async () => {
    // One unit for three. Layer a loses 4 (1 - 3)^2 + 1 + 1 = 18 with unit 0, and 4 + (1 - 3)^2 + 1 = 9 with 1 or 2: of
    // {0, 2} it is 2, of the others 1. Layer b, whose lot begins anew, loses 6 with any: the lower of the two drawn.
    const kept = (cut: Cut, layer: string) => values(`${layer}/out`, cut.weights!).findIndex((w) => w !== 0)
    const found = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map(async (seed) => {
        const drawn = [...new RandomStream(seed, streams.method).permutation(3)].slice(0, 2)
        const { cut } = await cutTo(1, { candidates: 2 }, seed)
        expect([kept(cut, 'a'), kept(cut, 'b')], `seed ${seed}`).toEqual([
          drawn.includes(1) ? 1 : 2,
          Math.min(...drawn),
        ])
        return kept(cut, 'a')
      }),
    )
    expect(new Set(found)).toEqual(new Set([1, 2]))
  })
})
