import { expect, test } from 'vitest'
import { kernelTest, runKernel, type Buffers } from '../../src/gpu/testing'
import { witness as witnessKernel } from '..'
import { maskOf, padded, stepSettings } from '../fixtures'
import { freshControl, readControl, writeControl } from './norm'
import { stepStruct, stepUniform, type StepSettings } from './step'
import { witness } from './witness'

const norm = 12.5

function controlOf(norm: number, halted = 0): ArrayBuffer {
  return writeControl({ ...freshControl, halted, norm })
}

/** A third of the floats is not prunable, every fifth weight is cut, some of the cut ones have left 0. */
function arena(settings: StepSettings, random: () => number) {
  const length = padded(settings.length)
  const floats = (scale: number) => Float32Array.from({ length }, () => scale * random())
  const positive = (scale: number) => floats(scale).map(Math.abs)
  return {
    step: stepUniform(settings),
    control: controlOf(norm),
    weights: floats(0.1).map((w, i) => (i % 7 === 0 ? 0 : w)),
    grads: floats(0.01),
    mask: maskOf(length, (i) => i % 5 !== 3),
    noiseMean: positive(0.01),
    noiseSquare: positive(1e-4),
    steady: positive(1e-4),
    peak: positive(1e-4),
    sensed: positive(1e-4),
  } satisfies Buffers
}

/** From the definition in docs/algorithms.md 1.4. */
function reference(b: ReturnType<typeof arena>, s: StepSettings) {
  const out = { steady: [...b.steady], peak: [...b.peak], sensed: [...b.sensed] }
  for (let i = 0; i < s.prunableLength; i++) {
    const alive = i % 5 !== 3 || (s.pruned === 'free' && b.weights[i] !== 0)
    if (!alive) continue
    const g = Math.abs(b.grads[i]!)
    const mean =
      (s.noiseMeanDecay * b.noiseMean[i]! + (1 - s.noiseMeanDecay) * g) / (1 - s.noiseMeanDecay ** (s.noiseAge + 1))
    const square =
      (s.noiseSquareDecay * b.noiseSquare[i]! + (1 - s.noiseSquareDecay) * g * g)
      / (1 - s.noiseSquareDecay ** (s.noiseAge + 1))
    const part = Math.abs(b.weights[i]! * g) / norm
    out.steady[i] = (out.steady[i]! * s.witnessed + (part * mean) / (Math.sqrt(square) + 1e-9)) / (s.witnessed + 1)
    out.peak[i] = Math.max(out.peak[i]!, part)
    out.sensed[i] = (out.sensed[i]! * s.witnessed + part) / (s.witnessed + 1)
  }
  return out
}

for (const pruned of ['held', 'left', 'trained', 'free'] as const) {
  const settings = (n: number) =>
    stepSettings(padded(n), { prunableLength: padded((n * 2) / 3), pruned, noiseAge: 4, witnessed: 9 })
  kernelTest(`witness, pruned weights ${pruned}`, {
    code: witnessKernel,
    buffers: (n, random) => arena(settings(n), random),
    reference: (b, n) => reference(b, settings(n)),
    twin: (b) => witness(b, stepStruct.read(b.step), readControl(b.control)),
    tolerance: { absolute: 1e-12, relative: 3e-6 },
  })
}

/**
 * Runs kernel and twin over gradients of one weight each; weight 1 is cut at gradient 2 and comes back at gradient 4.
 */
async function told(gradients: readonly (readonly [number, number, number, number])[]) {
  const zero = () => new Float32Array(64)
  const one = { steady: zero(), peak: zero(), sensed: zero(), noiseMean: zero(), noiseSquare: zero() }
  const [gpu, twin] = [structuredClone(one), structuredClone(one)]
  for (const [t, g] of gradients.entries()) {
    // Without memory, the noise discount is |g| / |g| = 1 at every gradient.
    const settings = stepSettings(64, { noiseMeanDecay: 0, noiseSquareDecay: 0, witnessed: t })
    const grads = zero()
    grads.set(g)
    const shared = {
      step: stepUniform(settings),
      control: controlOf(8),
      weights: zero().fill(0.5, 0, 4),
      grads,
      mask: maskOf(64, (i) => i < 4 && !(i === 1 && t > 0 && t < 3)),
    }
    const after = await runKernel(witnessKernel, { ...shared, ...gpu }, [1, 1, 1])
    gpu.steady = after.steady
    gpu.peak = after.peak
    gpu.sensed = after.sensed
    witness({ ...shared, ...twin }, stepStruct.read(shared.step), readControl(shared.control))
  }
  const first = (array: Float32Array) => [...array.subarray(0, 4)]
  return [gpu, twin].map(({ steady, peak, sensed }) => ({
    steady: first(steady),
    peak: first(peak),
    sensed: first(sensed),
  }))
}

test('by hand: means over all gradients, largest parts, and a weight that was cut for two of four', async () => {
  // w = 0.5 and the gradient's norm is 8, so a gradient of g counts |g| / 16.
  // Weight 0: 16, 0, 8, -8:  1, 0, 1/2, 1/2: mean 1/2, peak 1.      Weight 2: 4, 4, 4, 4: 1/4 each, mean and peak 1/4.
  // Weight 1: 16, cut, cut, 4: the mean 1 stands for three gradients when 1/4 joins it: (3 + 1/4) / 4 = 13/16; peak 1.
  // Weight 3: nothing ever.
  const results = await told([
    [16, 16, 4, 0],
    [0, 99, 4, 0],
    [8, 99, 4, 0],
    [-8, 4, 4, 0],
  ])
  for (const { steady, peak, sensed } of results) {
    expect(steady).toEqual([0.5, 0.8125, 0.25, 0])
    // Without a discount to make, both means are one.
    expect(sensed).toEqual(steady)
    expect(peak).toEqual([1, 1, 0.25, 0])
  }
})

test('by hand: noise is discounted', () => {
  // Decay 0.5 for both moments, second gradient: mean (0.5 * 0.5 * 2 + 0.5 * 6) / 0.75 = 14/3, square (0.5 * 0.5 * 4 +
  // 0.5 * 36) / 0.75 = 76/3. Discount 14/3 / sqrt(76/3) = 0.92717; |w g| / norm = 0.5 * 6 / 8 = 0.375. Steady so far
  // 0.1: (0.1 + 0.375 * 0.92717) / 2 = 0.223845.
  const b = {
    weights: Float32Array.of(-0.5),
    grads: Float32Array.of(-6),
    mask: Uint32Array.of(1),
    noiseMean: Float32Array.of(1),
    noiseSquare: Float32Array.of(2),
    steady: Float32Array.of(0.1),
    peak: Float32Array.of(0.2),
    sensed: Float32Array.of(0.125),
  }
  const settings = stepSettings(1, { noiseMeanDecay: 0.5, noiseSquareDecay: 0.5, noiseAge: 1, witnessed: 1 })
  witness(b, stepStruct.read(stepUniform(settings)), readControl(controlOf(8)))
  expect(b.steady[0]).toBeCloseTo(0.223845, 6)
  expect(b.peak[0]).toBeCloseTo(0.375, 7)
  // Without the discount: (0.125 + 0.375) / 2.
  expect(b.sensed[0]).toBeCloseTo(0.25, 7)
})

test.each([
  ['halted', controlOf(8, 1)],
  ['a gradient of zeros', controlOf(0)],
])('%s tells nothing', async (_, control) => {
  const before = { ...arena(stepSettings(64), () => 0.5), control }
  const after = await runKernel(witnessKernel, before, [1, 1, 1])
  const twin = structuredClone(before)
  witness(twin, stepStruct.read(twin.step), readControl(twin.control))
  for (const b of [after, twin])
    expect([b.steady, b.peak, b.sensed]).toEqual([before.steady, before.peak, before.sensed])
})
