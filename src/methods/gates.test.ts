import { beforeAll, describe, expect, it } from 'vitest'
import { maskOf, type Cut, type CutView } from '../core/cut'
import { defaults, type Values } from '../core/knob'
import { placeTensors } from '../core/layout'
import type { Method } from '../core/method'
import type { TensorSpec, UnitSlices } from '../core/model'
import { startPortableBackend } from '../tf/portable'
import { tf, type Tensor } from '../tf/tfjs'
import { gatedUnits, keepLargest, polarThreshold } from './gates'
import { polarization } from './polarization'
import { slimming } from './slimming'

beforeAll(async () => {
  await startPortableBackend('cpu', '')
})

const spec = (name: string, shape: number[], units: UnitSlices): TensorSpec => ({
  name,
  shape,
  init: { kind: 'constant', value: 0 },
  prunable: true,
  decay: true,
  units,
})
const neuron = (side: UnitSlices['side'], count: number) => ({ kind: 'neuron', layer: 'mlp', side, count }) as const
const head = (side: UnitSlices['side']) => ({ kind: 'head', layer: 'attention', side, count: 2 }) as const

/**
 * One input, three neurons, one output; two heads of size 1: `in` [1, 3] at 0, `out` [3, 1] at 64, `query` [1, 2] at
 * 128, `output` [2, 1] at 192; gates of the neurons at 256, of the heads at 320. Ten weights.
 */
function view(neurons: readonly number[], heads: readonly number[]): CutView {
  const hook = gatedUnits('both', 1)
  const count = neurons.length
  const sites = [
    { kind: 'neuron', layer: 'mlp', count, width: 1 },
    { kind: 'head', layer: 'attention', count: 2, width: 1 },
  ] as const
  const layout = placeTensors([
    spec('in', [1, count], neuron('enters', count)),
    spec('out', [count, 1], neuron('leaves', count)),
    spec('query', [1, 2], head('enters')),
    spec('output', [2, 1], head('leaves')),
    ...sites.flatMap((site) => hook.tensors?.(site) ?? []),
  ])
  const weights = new Float32Array(layout.length)
  for (const { name, offset } of layout.tensors)
    if (name.endsWith('/gates')) weights.set(name === 'mlp/gates' ? neurons : heads, offset)
  return { layout, weights, mask: maskOf(layout, () => true) } as CutView
}

async function cut(
  method: Method,
  seen: CutView,
  values: Values,
): Promise<{ words: number[]; gates: number[]; note: string | undefined }> {
  const {
    mask,
    weights = new Float32Array(),
    note,
  } = (await method.cut?.(seen, { ...defaults(method.knobs), ...values })) as Cut
  const rounded = [...weights.subarray(256, 259), ...weights.subarray(320, 322)].map((w) => Number(w.toFixed(4)))
  return { words: [mask[0]!, mask[2]!, mask[4]!, mask[6]!], gates: rounded, note }
}

describe('network slimming', () => {
  it('cuts the smallest gates of all layers whole, in both matrices, and leaves every layer a unit', async () => {
    // Sizes 0.2, 0.9, 0.1 of neurons and 0.05, 0.04 of heads; sparsity 0.4 keeps round(5 * 0.6) = 3. The best of each
    // layer come first: neuron 1, head 0; then the next largest, neuron 0. Bits: neurons 0 and 1 = 3 in both matrices,
    // head 0 = 1.
    const seen = view([0.2, -0.9, 0.1], [0.05, 0.04])
    expect(await cut(slimming as Method, seen, { sparsity: 0.4 })).toEqual({
      words: [3, 3, 1, 1],
      gates: [0.2, -0.9, 0, 0.05, 0],
      note: undefined,
    })
  })

  it('per layer keeps the share of each', async () => {
    // round(3 * 0.6) = 2 neurons and round(2 * 0.6) = 1 head: neurons 0 and 1, and head 1, which is the larger now.
    const seen = view([0.2, -0.9, 0.1], [0.05, 0.4])
    expect((await cut(slimming as Method, seen, { sparsity: 0.4, scope: 'layer' })).words).toEqual([3, 3, 2, 2])
  })

  it("the penalty pulls by lambda, by the gate's sign, and not at 0", () => {
    // lambda 0.5 times sign(0.2), sign(-0.9), sign(0) and, of the second layer, sign(0.05).
    const gates = { 'a/gates': tf.tensor1d([0.2, -0.9, 0]), 'b/gates': tf.tensor1d([0.05]) }
    expect(pull(slimming as Method, { lambda: 0.5 }, gates)).toEqual([0.5, -0.5, 0, 0.5])
  })

  it('the penalty ends with the cut, gates learn at their own pace throughout', () => {
    const plan = slimming.plan({ ...defaults(slimming.knobs), at: 0.5, gateRate: 7 }, 10)
    expect([plan.lastEvent, plan.pressure?.(4), plan.pressure?.(5)]).toEqual([4, 1, 0])
    expect(plan.course?.pace?.(9)).toEqual({ weights: 1, gates: 7 })
  })
})

describe('polarization', () => {
  it('R and its gradient, the mean over all layers', () => {
    // t = 1.5, gates 0.1, 0.9 and, in the second layer, 0.2: mean 0.4. R = 1.5 * 1.2 - (0.3 + 0.5 + 0.2) = 0.8.
    // Slope: t - sign(g - mean) + mean of all signs (-1 + 1 - 1) / 3 = 1.5 + 1 - 1/3, 1.5 - 1 - 1/3, 1.5 + 1 - 1/3.
    const gates = { 'a/gates': tf.tensor1d([0.1, 0.9]), 'b/gates': tf.tensor1d([0.2]) }
    const values = { ...defaults(polarization.knobs), lambda: 1, t: 1.5 }
    expect(polarization.units?.(values).penalty?.(gates).dataSync()[0]).toBeCloseTo(0.8, 5)
    const slopes = pull(polarization, values, gates)
    for (const [i, slope] of [2.16667, 0.16667, 2.16667].entries()) expect(slopes[i]).toBeCloseTo(slope, 4)
  })

  it('keeps gates within [0, 1]', () => {
    expect(polarization.units?.(defaults(polarization.knobs)).rule).toEqual({ bounds: [0, 1] })
  })

  it('finds the end of the lower hump', () => {
    // Bins 0: 2 gates, 1: 1, 90: 3. Differences: -1, -1, 0, ... : at most 0, then at least 0 for the first time between
    // bins 1-2 and 2-3, so the edge in front of bin 2.
    expect(polarThreshold([Float32Array.of(0, 0.005, 0.015), Float32Array.of(0.905, 0.905, 0.905)])).toBe(0.02)
    // A hump that grows to its end: 90 and 91. The first two differences are 0, 0: the edge in front of bin 1, below
    // everything.
    expect(polarThreshold([Float32Array.of(0.905, 0.915)])).toBe(0.01)
  })

  it('cuts below the valley, and no layer as a whole', async () => {
    // All lie in bins 0, 80 and 90; the valley is at 0.02 (0 to 1: -3; 1 to 2: 0) -> edge 1 = 0.01. Both heads are
    // below, the larger stays.
    const seen = view([0, 0.8, 0.9], [0.001, 0.002])
    expect(await cut(polarization as Method, seen, {})).toEqual({
      words: [6, 6, 2, 2],
      gates: [0, 0.8, 0.9, 0, 0.002],
      note: undefined,
    })
  })

  it('says when the valley is no valley', async () => {
    // One gate in bin 0, two in bin 1, ... 24 in bin 23 and none behind: counts fall for the first time behind bin 23,
    // by 24, then 0.
    const rising = Array.from({ length: 24 }, (_, bin) => new Array<number>(bin + 1).fill(bin / 100 + 0.005)).flat()
    expect((await cut(polarization as Method, view(rising, [0.235, 0.235]), {})).note).toMatch(
      /lies at 0.24, above 0.2/,
    )
  })
})

it('a gate multiplies what its unit puts out: neurons one by one, heads in runs', () => {
  const hook = gatedUnits('both', 1)
  const params = { 'mlp/gates': tf.tensor1d([1, 0, 2]), 'attention/gates': tf.tensor1d([0.5, 2]) }
  const through = (layer: string, x: Tensor) => [
    ...hook.forward({} as never, x, { kind: 'head', layer, count: 0, width: 0 }, params, x).dataSync(),
  ]
  expect(through('mlp', tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 2, 3]))).toEqual([1, 0, 6, 4, 0, 12])
  expect(through('attention', tf.tensor3d([1, 2, 3, 4], [1, 1, 4]))).toEqual([0.5, 1, 6, 8])
  expect(through('elsewhere', tf.tensor3d([1, 2], [1, 1, 2]))).toEqual([1, 2])
})

it('only the asked-for kind has gates', () => {
  const site = { kind: 'head', layer: 'a', count: 2, width: 4 } as const
  expect(gatedUnits('neuron', 1).tensors?.(site)).toEqual([])
  expect(gatedUnits('head', 1).tensors?.(site)).toHaveLength(1)
})

it('ties go to the lowest index', () => {
  expect(keepLargest([[1, 1, 1], [1]], 0.5, 'global').map((layer) => [...layer])).toEqual([[1, 0, 0], [1]])
  expect(keepLargest([[0, 1, 1, 1]], 0.5, 'global').map((layer) => [...layer])).toEqual([[0, 1, 1, 0]])
})

/** The penalty's gradient by all gates. */
function pull(method: Method, values: Values, gates: Readonly<Record<string, Tensor>>): number[] {
  const variables = Object.entries(gates).map(([name, value]) => [name, tf.variable(value)] as const)
  const { penalty } = method.units?.({ ...defaults(method.knobs), ...values }) ?? {}
  const { grads } = tf.variableGrads(
    () => penalty!(Object.fromEntries(variables)).asScalar(),
    variables.map(([, variable]) => variable),
  )
  return variables.flatMap(([, variable]) => [...grads[variable.name]!.dataSync()])
}
