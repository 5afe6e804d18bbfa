import { expect, test } from 'vitest'
import { awkwardSizes, lehmer, runKernel } from '../../src/gpu/testing'
import * as shaders from '..'
import { padded, stepSettings } from '../fixtures'
import { tileTable } from '../parts/tiles'
import { freshControl, writeControl } from '../train/norm'
import { biasCorrection, stepUniform } from '../train/step'
import { binCount, range } from './range'
import { shownNumbers, spans, tintStruct, type Tint } from './tint'

const settings = (changes: Partial<Tint>): Tint => ({
  width: 1,
  height: 1,
  stride: 64,
  length: 0,
  number: shownNumbers.asItIs,
  span: spans.symmetric,
  root: 0,
  background: 0,
  cut: 0,
  unknown: 0,
  cutToo: 0,
  now: 0,
  ...changes,
})

/** Weights whose latest gradient has norm 2, with statistics of three gradients. */
const norm = 2
const step = stepSettings(0, { noiseAge: 2 })
const meanCorrection = biasCorrection(step.noiseMeanDecay, step.noiseAge)
const squareCorrection = biasCorrection(step.noiseSquareDecay, step.noiseAge)

/** Low and high of the kernels and of the twin. @param cut indices of cut weights */
async function ranges(first: number[], changes: Partial<Tint>, second = first, cut: readonly number[] = []) {
  const length = padded(first.length)
  const floats = (values: number[]) => Float32Array.from({ length }, (_, i) => values[i] ?? 1e9)
  const classes = new Uint32Array(length / 8)
  for (const i of cut) classes[i >>> 3]! |= 4 << (4 * (i & 7))
  const tiles = tileTable(length, [[{ offset: 0, size: first.length }]])
  const b = { first: floats(first), second: floats(second), classes, tiles }
  const t = settings({ length, ...changes })
  const uniforms = { tint: tintStruct.write(t), step: stepUniform(step) }
  const words = { first: new Uint32Array(b.first.buffer), second: new Uint32Array(b.second.buffer) }
  const control = writeControl({ ...freshControl, norm })
  const { bins } = await runKernel(
    shaders.tally,
    { ...b, ...words, ...uniforms, control, bins: new Uint32Array(binCount) },
    [2, 1, 1],
  )
  const gpu = await runKernel(
    shaders.range,
    { tint: uniforms.tint, bins: bins.slice(), range: new Float32Array(2) },
    [1, 1, 1],
  )
  expect(gpu.bins.every((count) => count === 0)).toBe(true)
  const twin = new Float32Array(2)
  range({ ...b, norm, meanCorrection, squareCorrection, range: twin }, t)
  const ends = (found: Float32Array) => [...found].map((end) => end + 0)
  expect(ends(gpu.range)).toEqual(ends(twin))
  return ends(twin)
}

test('by hand: as far below 0 as above it, to the edge of a quarter of an octave', async () => {
  // 0.3 lies in [0.25, 0.3125), -0.9 in (-1, -0.875].
  expect(await ranges([0.3, -0.1], {})).toEqual([-0.3125, 0.3125])
  expect(await ranges([0.3, -0.9], {})).toEqual([-1, 1])
})

test('by hand: upwards from 0, and from a negative score', async () => {
  expect(await ranges([0.3, 0.1], { span: spans.upwards })).toEqual([0, 0.3125])
  expect(await ranges([0.3, 0.1], { span: spans.signed })).toEqual([0, 0.3125])
  expect(await ranges([0.3, -0.1], { span: spans.signed })).toEqual([-0.109375, 0.3125])
  // Both below 0: -0.1 is the 99th percentile, in (-0.109375, -0.09375].
  expect(await ranges([-0.3, -0.1], { span: spans.signed })).toEqual([-0.3125, -0.09375])
})

test('by hand: cut weights, padding and what is not finite do not count; of nothing the range is empty', async () => {
  expect(await ranges([0.3, 5, NaN, Infinity, -Infinity], {}, undefined, [1])).toEqual([-0.3125, 0.3125])
  expect(await ranges([0.3], {}, undefined, [0])).toEqual([0, 0])
  expect(await ranges([0, -0], {})).toEqual([0, 0])
  expect(await ranges([], {})).toEqual([0, 0])
})

test('one weight in a hundred lies beyond the range', async () => {
  const values = Array.from({ length: 100 }, () => 0.3)
  expect(await ranges([...values, 7], { span: spans.upwards })).toEqual([0, 0.3125])
  expect(await ranges([...values.slice(2), 7, 7], { span: spans.upwards })).toEqual([0, 8])
})

test('by hand: sensitivity is |w g| over the norm, noise the coefficient of variation of |g|', async () => {
  // 0.5 * 3 / 2 = 0.75, in [0.75, 0.875).
  expect(await ranges([-0.5], { number: shownNumbers.product, span: spans.upwards }, [3])).toEqual([0, 0.875])
  // |g| of mean 2 and mean square 5: variance 1, coefficient 0.5, in [0.5, 0.625). The second has no gradient.
  const [mean, square] = [2 / meanCorrection, 5.001 / squareCorrection]
  const noise = { number: shownNumbers.variation, span: spans.upwards }
  expect(await ranges([mean, 0], noise, [square, 0])).toEqual([0, 0.625])
})

test('by hand: ages of mask bits count for cut weights, too', async () => {
  // After step 10 the bits of the first and the cut one are 6 and 7 steps old: 7 lies in [7, 8).
  const ages = { number: shownNumbers.age, span: spans.upwards, cutToo: 1, now: 10 }
  expect(await ranges([4, NaN, 3], ages, undefined, [2])).toEqual([0, 8])
})

test.each(awkwardSizes)('kernel and twin agree on %i weights of any size', async (size) => {
  const draw = lehmer(size)
  const values = Array.from({ length: size }, () => draw() * 2 ** Math.round(40 * draw()))
  const cut = values.flatMap((_, i) => (i % 3 === 0 ? [i] : []))
  const [low = 0, high = 0] = await ranges(values, { span: spans.signed }, undefined, cut)
  const kept = values.filter((_, i) => i % 3 !== 0)
  const within = kept.filter((value) => value >= low && value <= high).length
  expect(within).toBeGreaterThanOrEqual(kept.length - 2 * Math.floor(kept.length / 100))
})
