import { beforeAll, describe, expect, it } from 'vitest'
import { maskOf, type Cut, type CutView } from '../core/cut'
import { defaults } from '../core/knob'
import { placeTensors } from '../core/layout'
import type { Method } from '../core/method'
import { startPortableBackend } from '../tf/portable'
import { tf } from '../tf/tfjs'
import { stripes } from './stripes'

beforeAll(async () => {
  await startPortableBackend('cpu', '')
})

const values = { ...defaults(stripes.knobs), stripe: '4' }
const hook = stripes.units!(values)
/** Eight inputs, one output: two stripes of four. */
const matrix = { name: 'm', shape: [8, 1], init: { kind: 'constant', value: 1 }, prunable: true, decay: true } as const

describe('stripes, by hand', () => {
  it('a matrix [8, 1] has a skeleton [2, 1] of ones, which is a gate', () => {
    expect(hook.beside?.(matrix)).toEqual([
      {
        name: 'm/skeleton',
        shape: [2, 1],
        init: { kind: 'constant', value: 1 },
        prunable: false,
        decay: false,
        gate: true,
      },
    ])
    expect(() => hook.beside?.({ ...matrix, shape: [6, 1] })).toThrow(
      /Stripes of 4 inputs do not divide m, which has 6/,
    )
  })

  it('the model reads W F, so dL/dF sums g W over a stripe and dL/dW is g F', () => {
    // W = 1 ... 8, F = (2, -1): W F = 2 4 6 8 -5 -6 -7 -8. With dL/dWF = 1 for every weight: dL/dF = 1 + 2 + 3 + 4 = 10
    // and 26.
    const [weights, skeleton] = [
      tf.variable(tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [8, 1])),
      tf.variable(tf.tensor2d([2, -1], [2, 1])),
    ]
    const read = () => hook.read!({ m: weights, 'm/skeleton': skeleton }).m!
    expect([...read().dataSync()]).toEqual([2, 4, 6, 8, -5, -6, -7, -8])
    const { grads } = tf.variableGrads(() => read().sum().asScalar(), [weights, skeleton])
    expect([...grads[skeleton.name]!.dataSync()]).toEqual([10, 26])
    expect([...grads[weights.name]!.dataSync()]).toEqual([2, 2, 2, 2, -1, -1, -1, -1])
  })

  it('two outputs have stripes of their own', () => {
    // [4, 2] by stripes of 4: one row of factors (3, 0) for the two columns.
    const params = { m: tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]), 'm/skeleton': tf.tensor2d([3, 0], [1, 2]) }
    expect([...hook.read!(params).m!.dataSync()]).toEqual([3, 0, 9, 0, 15, 0, 21, 0])
  })

  it('a trained skeleton goes into its matrix', () => {
    // [4, 2] by stripes of 2, factors (3, 0) and (-1, 2): rows 1 2, 3 4 times 3, 0; rows 5 6, 7 8 times -1, 2.
    const arrays: Record<string, Float32Array> = {
      m: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      'm/skeleton': Float32Array.of(3, 0, -1, 2),
    }
    const short = stripes.units!({ ...values, stripe: '2' })
    expect([...short.fold!({ ...matrix, shape: [4, 2] }, (name) => arrays[name]!)]).toEqual([
      3, 0, 9, 0, -5, 12, -7, 16,
    ])
  })

  it('the mask loses the weights of dead stripes, and nothing else changes', async () => {
    // [8, 1] at 0 with F = (0, 0.3) after it at 64: bits 4 to 7 stay, 240.
    const layout = placeTensors([matrix, ...(hook.beside?.(matrix) ?? [])])
    const weights = new Float32Array(layout.length).fill(1)
    weights.set([0, 0.3], 64)
    const cut = (await (stripes as Method).cut?.(
      { layout, weights, mask: maskOf(layout, () => true) } as CutView,
      values,
    )) as Cut
    expect(cut).toEqual({ mask: Uint32Array.of(240, 0), idle: true })
    expect(hook.rule).toEqual({ shrink: values.shrink, dead: 0.01 })
  })

  it('looks every 25 steps and at the end', () => {
    const plan = stripes.plan(values, 60)
    expect(Array.from({ length: 60 }, (_, t) => t).filter((t) => plan.training(t) !== undefined)).toEqual([24, 49, 59])
    expect(plan.lastEvent).toBe(59)
  })
})
