import { describe, expect, it } from 'vitest'
import { defaults } from '../core/knob'
import { maskOf, type Cut, type CutView } from '../core/cut'
import { placeTensors, type Layout } from '../core/layout'
import type { TensorSpec } from '../core/model'
import { unitsOf } from '../core/units'
import { bit } from '../core/bits'
import { sitesOf } from '../config/modelOf'
import { staticDynamic } from './staticDynamic'

/** Two MLPs of four neurons on tokens of length 1: in [1, 4], out [4, 1]. */
function layoutOf(): Layout {
  const matrices = ['a', 'b'].flatMap((layer): TensorSpec[] => {
    const rest = { init: { kind: 'constant', value: 0 }, prunable: true, decay: true } as const
    const units = { kind: 'neuron', layer, count: 4 } as const
    return [
      { ...rest, name: `${layer}/in`, shape: [1, 4], units: { ...units, side: 'enters' } },
      { ...rest, name: `${layer}/out`, shape: [4, 1], units: { ...units, side: 'leaves' } },
    ]
  })
  return placeTensors([
    ...matrices,
    ...sitesOf(matrices).flatMap((site) => staticDynamic.units!(defaults(staticDynamic.knobs)).tensors!(site)),
  ])
}

const place = (layout: Layout, name: string) => layout.tensors.find((t) => t.name === name)!

function viewOf(
  outs: Readonly<Record<string, readonly number[]>>,
  squares: Readonly<Record<string, readonly number[]>>,
  accuracy: (cut: Cut) => number,
) {
  const layout = layoutOf()
  const weights = new Float32Array(layout.length)
  for (const [name, values] of Object.entries(outs)) weights.set(values, place(layout, `${name}/out`).offset)
  const asked: Cut[] = []
  const view: CutView = {
    layout,
    weights,
    mask: maskOf(layout, () => true),
    groups: [],
    units: unitsOf(layout, { kind: 'neuron', score: 'sum' }),
    seed: 1,
    step: 9,
    inputs: (names) =>
      Promise.resolve(new Map(names.map((name) => [name, Float64Array.from(squares[name.charAt(0)] ?? [])]))),
    batch: 8,
    rest: () => Promise.resolve(),
    gradients: () => Promise.reject(new TypeError()),
    gateGradients: () => Promise.resolve(new Map()),
    controlGates: () => Promise.resolve(new Map()),
    quality: (cut) => {
      asked.push(cut)
      return Promise.resolve({ accuracy: accuracy(cut), loss: 0 })
    },
  }
  return { layout, view, asked }
}

/** Neurons that are left, as bits, and how many of them work for a token. */
function found(layout: Layout, { mask, weights }: Cut, layer: string) {
  const bits = (name: string) =>
    Array.from({ length: 4 }, (_, i) => Number(bit(mask, place(layout, `${layer}/${name}`).offset + i)))
  const { offset } = place(layout, `${layer}/stays`)
  expect([bits('in'), bits('out')], 'masks of both sides').toEqual([bits('in'), bits('in')])
  expect(Array.from(weights!.subarray(offset, offset + 4)), 'what may be chosen').toEqual(bits('in'))
  return { left: bits('in'), working: weights![place(layout, `${layer}/working`).offset] }
}

const values = { ...defaults(staticDynamic.knobs), budget: 0.5, dynamic: 0.5, batches: 1 }

describe('static + dynamic', () => {
  it('with one try spreads the budget evenly: half at rest, half of those cut', async () => {
    // Half of 4 work: 2. Of the 2 at rest the share 1 - 0.5 is cut: 1, so 3 are left. Contributions |out| * sqrt(sum
    // h^2): a: 1*1, 2*1, 1*3, 4*0.5 = 1 2 3 2, the first goes. b: 3*0, 1, 1, 1: the first goes, for it never answers.
    const { layout, view } = viewOf(
      { a: [1, -2, 1, 4], b: [3, 1, 1, 1] },
      { a: [1, 1, 9, 0.25], b: [0, 1, 1, 1] },
      () => 1,
    )
    const cut = await staticDynamic.cut!(view, { ...values, tries: 1 })
    expect(found(layout, cut, 'a')).toEqual({ left: [0, 1, 1, 1], working: 2 })
    expect(found(layout, cut, 'b')).toEqual({ left: [0, 1, 1, 1], working: 2 })
  })

  it('by the size of weights alone; of equal ones the first stays', async () => {
    const { layout, view } = viewOf({ a: [1, -2, 1, 4], b: [3, 1, 1, 1] }, {}, () => 1)
    const cut = await staticDynamic.cut!(view, { ...values, tries: 1, criterion: 'magnitude' })
    expect(found(layout, cut, 'a').left).toEqual([1, 1, 0, 1])
    expect(found(layout, cut, 'b').left).toEqual([1, 1, 1, 0])
  })

  it.each([
    [0, 2, [1, 1, 0, 0]],
    [1, 2, [1, 1, 1, 1]],
  ])('a dynamic share of %f leaves %i working', async (dynamic, working, left) => {
    const { layout, view } = viewOf({ a: [4, 3, 2, 1], b: [4, 3, 2, 1] }, {}, () => 1)
    const cut = await staticDynamic.cut!(view, { ...values, tries: 1, criterion: 'magnitude' as const, dynamic })
    expect(found(layout, cut, 'a')).toEqual({ left, working })
  })

  it('gives the budget to the layer that needs it, stays within it where that costs, finds it again', async () => {
    // Right answers come from working neurons of b alone: a quarter each. One over the budget costs 10 / 8.
    const judge =
      (layout: Layout) =>
      ({ weights }: Cut) =>
        weights![place(layout, 'b/working').offset]! / 4
    const { layout, view, asked } = viewOf({ a: [4, 3, 2, 1], b: [4, 3, 2, 1] }, {}, judge(layoutOf()))
    const options = { ...values, tries: 40, price: 10, criterion: 'magnitude' as const }
    const cut = await staticDynamic.cut!(view, options)
    expect(asked).toHaveLength(40)
    const [a, b] = [found(layout, cut, 'a').working!, found(layout, cut, 'b').working!]
    expect(b).toBeGreaterThan(2)
    expect(a + b).toBeLessThanOrEqual(4)
    expect(cut.note).toMatch(/best of 40 tries scores 0\.750 .* an even spread 0\.500/)
    expect(await staticDynamic.cut!(view, options)).toEqual(cut)
  })
})
