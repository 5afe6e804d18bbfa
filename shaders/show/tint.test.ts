import { expect, test } from 'vitest'
import { lehmer, runKernel } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import * as shaders from '..'
import { stepSettings } from '../fixtures'
import { freshControl, writeControl } from '../train/norm'
import { biasCorrection, stepUniform } from '../train/step'
import { noWeight } from '../../src/core/noWeight'
import { shownNumbers, spans, tint, tintStruct, type Tint } from './tint'

/** Colours of the tests: a scale of four and three others. */
const scale = Uint32Array.of(10, 11, 12, 13)
const [background, cut, unknown] = [1, 2, 3]
const norm = 4
const step = stepSettings(0, { noiseAge: 4 })
const corrections = {
  meanCorrection: biasCorrection(step.noiseMeanDecay, step.noiseAge),
  squareCorrection: biasCorrection(step.noiseSquareDecay, step.noiseAge),
}

interface Map {
  readonly pixels: Uint32Array
  readonly first: Float32Array
  readonly second: Float32Array
  readonly classes: Uint32Array
  readonly range: Float32Array
  readonly colours: Uint32Array
}

/** The image by the kernel and by the twin. */
async function images(b: Map, changes: Partial<Tint>) {
  const t: Tint = {
    width: b.pixels.length,
    height: 1,
    stride: Math.ceil(b.pixels.length / 64) * 64,
    length: b.first.length,
    number: shownNumbers.asItIs,
    span: spans.symmetric,
    root: 0,
    ...{ background, cut, unknown, cutToo: 0, now: 0 },
    ...changes,
  }
  const image = new Uint32Array(t.stride * t.height)
  const gpu = await runKernel(
    shaders.tint,
    {
      ...b,
      first: new Uint32Array(b.first.buffer),
      second: new Uint32Array(b.second.buffer),
      tint: tintStruct.write(t),
      step: stepUniform(step),
      control: writeControl({ ...freshControl, norm }),
      image: image.slice(),
    },
    workgroups(t.width * t.height, 256),
  )
  tint({ ...b, norm, ...corrections, image }, t)
  return { gpu: [...gpu.image], twin: [...image] }
}

/** Eight weights in a row, of which the last is cut, and a pixel without one. */
const row = (first: number[], second = first, range = [-1, 1]): Map => ({
  pixels: Uint32Array.of(0, 1, 2, 3, noWeight, 4, 5, 6, 7),
  first: Float32Array.from({ length: 64 }, (_, i) => first[i] ?? 0),
  second: Float32Array.from({ length: 64 }, (_, i) => second[i] ?? 0),
  classes: Uint32Array.of(0x6000_0000, 0, 0, 0, 0, 0, 0, 0),
  range: Float32Array.from(range),
  colours: scale,
})

test('by hand: from end to end of the scale; cut, unknown and no weight have colours of their own', async () => {
  const { gpu, twin } = await images(row([-1, -0.4, 0, 0.4, 9, NaN, -9, 0.4]), {})
  const expected = [10, 11, 12, 12, background, 13, unknown, 10, cut]
  expect(twin.slice(0, 9)).toEqual(expected)
  expect(gpu).toEqual(twin)
})

test('by hand: a root scale spreads small numbers, but only where it begins at 0', async () => {
  // Of 0.05, 0.3 and 0.6 the roots are 0.22, 0.55 and 0.77.
  const numbers = [0.05, 0.3, 0.6]
  const rooted = await images(row(numbers, numbers, [0, 1]), { root: 1 })
  expect(rooted.twin.slice(0, 3)).toEqual([10, 12, 13])
  expect(rooted.gpu).toEqual(rooted.twin)
  const straight = await images(row(numbers, numbers, [0, 1]), {})
  expect(straight.twin.slice(0, 3)).toEqual([10, 11, 12])
  const signed = await images(row(numbers, numbers, [-1, 1]), { root: 1 })
  expect(signed.twin.slice(0, 3)).toEqual([12, 12, 13])
  expect(signed.gpu).toEqual(signed.twin)
})

test('by hand: sensitivity by the norm of 4, noise of steady and of unsteady gradients', async () => {
  // |w g| / 4: 0.1, 0.3, 0.6, 0.9.
  const product = await images(row([0.4, -1.2, 2.4, 3.6], [1, 1, -1, -1], [0, 1]), { number: shownNumbers.product })
  expect(product.twin.slice(0, 4)).toEqual([10, 11, 12, 13])
  expect(product.gpu).toEqual(product.twin)
  // |g| of mean 2 and mean squares 4.01, 5 and 9: coefficients 0.05, 0.5 and 1.12; without a gradient there is none.
  const means = [2, 2, 2, 0].map((mean) => mean / corrections.meanCorrection)
  const squares = [4.01, 5.001, 9, 0].map((square) => square / corrections.squareCorrection)
  const noise = await images(row(means, squares, [0, 1]), { number: shownNumbers.variation })
  expect(noise.twin.slice(0, 4)).toEqual([10, 12, 13, unknown])
  expect(noise.gpu).toEqual(noise.twin)
})

test('by hand: the age of a mask bit, of cut weights too; those that never changed have none', async () => {
  // After step 10, bits changed at steps 10, 7, 4 and 0; the last weight is cut.
  const ages = row([10, 7, 4, 0, NaN, NaN, NaN, 6], undefined, [0, 12])
  const { gpu, twin } = await images(ages, { number: shownNumbers.age, cutToo: 1, now: 10 })
  expect(twin.slice(0, 9)).toEqual([10, 11, 12, 13, background, unknown, unknown, unknown, 11])
  expect(gpu).toEqual(twin)
})

test('an empty range has no colours', async () => {
  const { gpu, twin } = await images(row([0, 0, 0], undefined, [0, 0]), {})
  expect(twin.slice(0, 9)).toEqual([...Array<number>(4).fill(unknown), background, unknown, unknown, unknown, cut])
  expect(gpu).toEqual(twin)
})

test.each([
  [1, 1],
  [17, 63],
  [257, 16],
])('kernel and twin agree on a map of %i x %i', async (width, height) => {
  const draw = lehmer(width)
  const length = 4160
  const colours = Uint32Array.from({ length: 256 }, (_, i) => 1000 + i)
  const b: Map = {
    pixels: Uint32Array.from({ length: width * height }, (_, i) => (i % 7 === 0 ? noWeight : i % length)),
    first: Float32Array.from({ length }, draw),
    second: Float32Array.from({ length }, draw),
    classes: Uint32Array.from({ length: length / 8 }, () => (Math.floor(draw() * 2 ** 31) & 0x6666_6666) >>> 0),
    range: Float32Array.of(0, 0.2),
    colours,
  }
  const stride = Math.ceil(width / 64) * 64
  const { gpu, twin } = await images(b, { width, height, stride, number: shownNumbers.product, root: 1 })
  const far = gpu.filter((colour, i) => Math.abs(colour - (twin[i] ?? 0)) > 1)
  expect(far).toEqual([])
})
