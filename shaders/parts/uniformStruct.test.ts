import { expect, test } from 'vitest'
import { runKernel } from '../../src/gpu/testing'
import { biasCorrection, stepStruct, stepUniform } from '../train/step'
import { stepSettings } from '../fixtures'
import { uniformStruct } from './uniformStruct'

test('the WGSL, the writer and the reader agree on every field', async () => {
  const struct = uniformStruct('Mixed', { first: 'u32', second: 'f32', third: 'u32', fourth: 'f32', fifth: 'f32' })
  const values = { first: 0xfffffffe, second: -1.5, third: 7, fourth: 0.1, fifth: 3e38 }
  const code = `${struct.wgsl}
    @group(0) @binding(0) var<uniform> mixed: Mixed;
    @group(0) @binding(1) var<storage, read_write> seen: array<u32>;
    @compute @workgroup_size(1) fn main() {
      seen[0] = mixed.first; seen[1] = bitcast<u32>(mixed.second); seen[2] = mixed.third;
      seen[3] = bitcast<u32>(mixed.fourth); seen[4] = bitcast<u32>(mixed.fifth);
    }`
  const { seen } = await runKernel(code, { mixed: struct.write(values), seen: new Uint32Array(5) }, [1, 1, 1])
  expect(struct.bytes).toBe(32)
  expect(new Uint8Array(seen.buffer)).toEqual(new Uint8Array(struct.write(values), 0, 20))
  expect(struct.read(struct.write(values))).toEqual({ ...values, fourth: Math.fround(0.1), fifth: Math.fround(3e38) })
})

test('scalars of a step, by hand', () => {
  // Second step (age 1), rate 0.01, decay 0.1, betas 0.5 and 0.75: 1 - 0.25 = 0.75, 1 - 0.5625 = 0.4375.
  const s = stepStruct.read(
    stepUniform(
      stepSettings(64, {
        rate: 0.01,
        weightDecay: 0.1,
        beta1: 0.5,
        beta2: 0.75,
        momentAge: 1,
        noiseMeanDecay: 0.8,
        noiseSquareDecay: 0.9,
        noiseAge: 2,
      }),
    ),
  )
  expect(s.decayFactor).toBeCloseTo(0.999, 7)
  expect(s.adamRate).toBeCloseTo(0.01 / 0.75, 9)
  expect(s.adamScale).toBeCloseTo(1 / Math.sqrt(0.4375), 6)
  // Third look: 1 / (1 - 0.512), 1 / (1 - 0.729); the mean, whose age is 1, takes a half.
  expect(s.noiseMeanCorrection).toBeCloseTo(1 / 0.488, 6)
  expect(s.noiseSquareCorrection).toBeCloseTo(1 / 0.271, 6)
  expect(s.meanShare).toBe(0.5)
  expect(biasCorrection(0, 0)).toBe(1)
})
