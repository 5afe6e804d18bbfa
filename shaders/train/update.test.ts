import { describe, expect, test } from 'vitest'
import { kernelTest, lehmer, runKernel, type Buffers } from '../../src/gpu/testing'
import { update, updateBy } from '..'
import { bit } from '../../src/core/bits'
import { controlBlock, maskOf, padded, stepSettings } from '../fixtures'
import { readControl } from './norm'
import type { RateRange } from './rates'
import { stepStruct, stepUniform, type StepSettings } from './step'
import { adamw, sgd } from './update'

type Arena = ReturnType<typeof arena>

/**
 * About a third of the floats is not prunable, a sixth does not decay, a twelfth are gates, every fifth prunable weight
 * is pruned.
 */
function settings(size: number): StepSettings {
  const [prunableLength, decayLength, gatesFrom] = [
    padded((size * 2) / 3),
    padded((size * 5) / 6),
    padded((size * 11) / 12),
  ]
  const gates = { gatePace: 2, weightPace: 0.5, gateLow: -0.02, gateHigh: 0.05, gateShrink: 0.001, gateDead: 0.004 }
  return stepSettings(padded(size), {
    prunableLength,
    decayLength,
    gatesFrom,
    ...gates,
    step: 7,
    momentAge: 7,
    noiseAge: 4,
  })
}

/** Buffers that go on for 40 floats past the end of the arena; those must stay as they are. */
function arena(random: () => number, s: StepSettings, clipFactor = 1) {
  const size = s.length + 40
  const floats = (scale: number) => Float32Array.from({ length: size }, () => scale * random())
  const positive = (scale: number) => floats(scale).map(Math.abs)
  return {
    step: stepUniform(s),
    control: controlBlock(clipFactor),
    weights: floats(0.1),
    grads: floats(0.01),
    moment1: floats(0.01),
    moment2: positive(1e-4),
    mask: maskOf(size, (i) => i % 5 !== 3),
    noiseMean: positive(0.01),
    noiseSquare: positive(1e-4),
    importance: positive(1),
  } satisfies Buffers
}

function gateAfter(w: number, s: StepSettings): number {
  const shrunk = Math.sign(w) * Math.max(0, Math.abs(w) - s.gateShrink)
  const bounded = Math.max(s.gateLow, Math.min(s.gateHigh, shrunk))
  return Math.abs(bounded) > s.gateDead ? bounded : 0
}

/** The update in doubles, from the formulas of the papers. */
function reference(
  b: Arena,
  s: StepSettings,
  clipFactor: number,
  kind: 'adamw' | 'sgd',
  ranges: readonly RateRange[] = [],
) {
  const out = {
    weights: [...b.weights],
    moment1: [...b.moment1],
    moment2: [...b.moment2],
    noiseMean: [...b.noiseMean],
    noiseSquare: [...b.noiseSquare],
    importance: [...b.importance],
  }
  for (let i = 0; i < s.length; i++) {
    if (i < s.prunableLength && i % 5 === 3) {
      for (const list of Object.values(out)) list[i] = 0
      continue
    }
    const g = b.grads[i]! * clipFactor
    const share = ranges.find(({ end }) => i < end)?.share ?? 1
    const rate = s.rate * (i < s.gatesFrom ? s.weightPace * share : s.gatePace)
    const decay = i < s.decayLength ? rate * s.weightDecay * b.weights[i]! : 0
    if (kind === 'adamw') {
      out.moment1[i] = s.beta1 * b.moment1[i]! + (1 - s.beta1) * g
      out.moment2[i] = s.beta2 * b.moment2[i]! + (1 - s.beta2) * g ** 2
      const m = out.moment1[i]! / (1 - s.beta1 ** (s.momentAge + 1))
      const v = out.moment2[i]! / (1 - s.beta2 ** (s.momentAge + 1))
      out.weights[i] = b.weights[i]! - decay - (rate * m) / (Math.sqrt(v) + s.epsilon)
    } else {
      out.moment1[i] = s.momentum * b.moment1[i]! + g
      out.weights[i] = b.weights[i]! - decay - rate * out.moment1[i]!
    }
    if (i >= s.gatesFrom) out.weights[i] = gateAfter(out.weights[i]!, s)
    if (i >= s.prunableLength) continue
    const a = Math.abs(b.grads[i]!)
    out.noiseMean[i] = s.noiseMeanDecay * b.noiseMean[i]! + (1 - s.noiseMeanDecay) * a
    out.noiseSquare[i] = s.noiseSquareDecay * b.noiseSquare[i]! + (1 - s.noiseSquareDecay) * a ** 2
    const mean = out.noiseMean[i]! / (1 - s.noiseMeanDecay ** (s.noiseAge + 1))
    const root = Math.sqrt(out.noiseSquare[i]! / (1 - s.noiseSquareDecay ** (s.noiseAge + 1))) + 1e-9
    out.importance[i] = b.importance[i]! + Math.abs((out.weights[i]! * a * mean) / root)
  }
  return out
}

/** In the prunable part and after it; the rest moves at the whole rate. */
const layers: readonly RateRange[] = [
  { end: 64, share: 0.25 },
  { end: 192, share: 7 },
  { end: 256, share: 0 },
  { end: 2880, share: 1e-7 },
  { end: 2944, share: 0.5 },
]

for (const [entryPoint, twin] of [
  ['adamw', adamw],
  ['sgd', sgd],
] as const) {
  for (const clipFactor of [1, 0.25]) {
    kernelTest(`update ${entryPoint}, clip factor ${clipFactor}`, {
      code: update,
      options: { entryPoint },
      buffers: (size, random) => arena(random, settings(size), clipFactor),
      reference: (before, size) => reference(before, settings(size), clipFactor, entryPoint),
      twin: (b) => twin(b, stepStruct.read(b.step), readControl(b.control)),
      tolerance: { absolute: 1e-8, relative: 2e-6 },
    })
  }

  kernelTest(`update ${entryPoint}, layers at rates of their own`, {
    code: updateBy(layers),
    options: { entryPoint },
    buffers: (size, random) => arena(random, settings(size)),
    reference: (before, size) => reference(before, settings(size), 1, entryPoint, layers),
    twin: (b) => twin(b, stepStruct.read(b.step), readControl(b.control), layers),
    tolerance: { absolute: 1e-8, relative: 2e-6 },
  })
}

describe('halted', () => {
  test.each(['adamw', 'sgd'])('%s leaves every bit as it is, NaN gradients or not', async (entryPoint) => {
    const before = { ...arena(lehmer(1), settings(300)), control: controlBlock(1, 1) }
    before.grads[17] = Number.NaN
    const after = await runKernel(update, before, [2, 1, 1], { entryPoint })
    for (const [name, data] of Object.entries(before)) {
      const bytes = (x: unknown) =>
        Buffer.from(x instanceof ArrayBuffer ? x : ((x as Float32Array).buffer as ArrayBuffer))
      expect(bytes(after[name as keyof Arena]).equals(bytes(data)), name).toBe(true)
    }
    const twin = structuredClone(before)
    ;(entryPoint === 'sgd' ? sgd : adamw)(twin, stepStruct.read(twin.step), readControl(twin.control))
    expect(twin).toEqual(before)
  })
})

describe('by hand', () => {
  test('one AdamW step of one weight', async () => {
    // First step: m = 0.1 g, v = 0.001 g^2, corrected m = g, v = g^2, so the step is rate * g / |g| = 0.1.
    // Decay: 1 - 0.1 * 0.5 = 0.95. w = 2 * 0.95 - 0.1 = 1.8.
    const s = stepSettings(1, { rate: 0.1, weightDecay: 0.5 })
    const zero = () => new Float32Array(1)
    const after = await runKernel(
      update,
      {
        step: stepUniform(s),
        control: controlBlock(),
        weights: Float32Array.of(2),
        grads: Float32Array.of(4),
        moment1: zero(),
        moment2: zero(),
        mask: Uint32Array.of(1),
        noiseMean: zero(),
        noiseSquare: zero(),
        importance: zero(),
      },
      [1, 1, 1],
      { entryPoint: 'adamw' },
    )
    expect(after.weights[0]).toBeCloseTo(1.8, 6)
    // First statistics: mean 0.2 * 4, square 0.1 * 16, corrected 4 and 16, rho = 1; importance = |1.8 * 4| * 1.
    expect(after.noiseMean[0]).toBeCloseTo(0.8, 6)
    expect(after.noiseSquare[0]).toBeCloseTo(1.6, 6)
    expect(after.importance[0]).toBeCloseTo(7.2, 5)
  })

  test('padding of zeros stays zero', async () => {
    const before = arena(() => 0, stepSettings(128, { momentAge: 3 }))
    const after = await runKernel(update, { ...before, mask: maskOf(128, (i) => i < 100) }, [1, 1, 1], {
      entryPoint: 'adamw',
    })
    expect(bit(before.mask, 120)).toBe(true)
    for (const name of ['weights', 'moment1', 'moment2', 'importance'] as const)
      expect(
        after[name].every((x) => x === 0),
        name,
      ).toBe(true)
  })
})

test('gates, one by one: threshold, bounds, death', async () => {
  // Plain SGD, no momentum, rate 0.1, gates twice as fast: w - 0.2 g, then 0.01 towards 0, then into [-0.5, 1], then 0
  // at 0.05 or less.
  //   0.5 - 0.2 * 1 = 0.3 -> 0.29        1.3 - 0 = 1.3 -> 1.29 -> 1          -0.6 + 0.2 * 1 = -0.4 -> -0.39
  //   0.1 - 0.2 * 0.2 = 0.06 -> 0.05 -> dead              0, however hard it is pulled: stays 0
  // Without a size that dies: 0.05 stays 0.05, and 0 + 0.2 * 3 = 0.6 -> 0.59 comes back.
  const step = (gateDead: number) =>
    stepUniform(
      stepSettings(8, {
        rate: 0.1,
        momentum: 0,
        weightDecay: 0,
        prunableLength: 0,
        decayLength: 0,
        gatesFrom: 0,
        weightPace: 0,
        gatePace: 2,
        gateShrink: 0.01,
        gateLow: -0.5,
        gateHigh: 1,
        gateDead,
      }),
    )
  const zero = () => new Float32Array(8)
  const run = (gateDead: number) =>
    runKernel(
      update,
      {
        step: step(gateDead),
        control: controlBlock(),
        weights: Float32Array.of(0.5, 1.3, -0.6, 0.1, 0, 0, 0, 0),
        grads: Float32Array.of(1, 0, -1, 0.2, -3, 0, 0, 0),
        moment1: zero(),
        moment2: zero(),
        mask: Uint32Array.of(0),
        noiseMean: zero(),
        noiseSquare: zero(),
        importance: zero(),
      },
      [1, 1, 1],
      { entryPoint: 'sgd' },
    )
  const [mortal, immortal] = [await run(0.0501), await run(-1)]
  for (const [i, w] of [0.29, 1, -0.39, 0, 0, 0].entries()) expect(mortal.weights[i]).toBeCloseTo(w, 6)
  for (const [i, w] of [0.29, 1, -0.39, 0.05, 0.59, 0].entries()) expect(immortal.weights[i]).toBeCloseTo(w, 6)
})

test('a newborn weight steps by about the learning rate, not by a leap', async () => {
  // Step 12 (age 11), g = 0.5 three times, rate 0.1, b1 = 0.9, b2 = 0.999, no decay, w = 0 before.
  // Born: v = g^2 (1 - b2^12), so sqrt(v) / sqrt(1 - b2^12) = 0.5; m = 0.05, corrected 0.05 / (1 - 0.9^12) = 0.0696796.
  // Step: 0.1 * 0.0696796 / 0.5 = 0.01393591. From v = 0 it would be 0.1 * 0.0696796 / sqrt(0.001 * 0.25 / (1 -
  // 0.999^12)) = 0.0481.
  const s = stepSettings(4, { step: 11, momentAge: 11, rate: 0.1, weightDecay: 0, regrows: true })
  const zeros = () => new Float32Array(4)
  const buffers = {
    weights: zeros(),
    grads: Float32Array.of(0.5, 0.5, 0.5, 0),
    moment1: zeros(),
    moment2: Float32Array.of(0, 0, 0.25, 0),
    mask: Uint32Array.of(0b1101),
    noiseMean: zeros(),
    noiseSquare: zeros(),
    importance: zeros(),
  }
  const after = await runKernel(update, { ...buffers, step: stepUniform(s), control: controlBlock() }, [1, 1, 1], {
    entryPoint: 'adamw',
  })
  adamw(buffers, stepStruct.read(stepUniform(s)), readControl(controlBlock()))
  // The third has a history: v = 0.999 * 0.25 + 0.001 * 0.25 = 0.25, corrected 0.25 / 0.0119342: step 0.1 * 0.0696796 /
  // 4.57691 = 0.00152242.
  for (const weights of [after.weights, buffers.weights]) {
    expect(weights[0]).toBeCloseTo(-0.01393591, 7)
    expect(weights[1]).toBe(0)
    expect(weights[2]).toBeCloseTo(-0.00152242, 7)
    expect(Math.abs(weights[3]!)).toBe(0)
  }
})
