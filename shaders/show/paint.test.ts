import { expect, test } from 'vitest'
import { awkwardSizes, expectClose, lehmer, runKernel } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import * as shaders from '..'
import { noWeight } from '../../src/core/noWeight'
import { paint, paletteStruct, scale, type Palette } from './paint'
import { tileTable } from '../parts/tiles'

/** RGBA bytes, red lowest. */
const rgba = (r: number, g: number, b: number, a = 255) => ((a << 24) | (b << 16) | (g << 8) | r) >>> 0

const palette: Palette = {
  width: 5,
  height: 3,
  stride: 64,
  background: rgba(255, 255, 255),
  ordinary: rgba(100, 100, 100),
  temporary: rgba(200, 100, 0),
  sentinel: rgba(0, 100, 200),
  ordinaryCut: rgba(10, 20, 30),
  temporaryCut: rgba(60, 50, 40),
  sentinelCut: rgba(40, 50, 60),
}

/**
 * Two tensors of 6 and 4 weights; weights 0.5 apart, scales 2 and 1; classes by index modulo 4: cut, ordinary,
 * temporary, sentinel.
 */
const map = () => {
  const weights = new Float32Array(128)
  for (let i = 0; i < 128; i++) weights[i] = (i % 64) * (i % 2 ? -0.5 : 0.5)
  return {
    pixels: Uint32Array.of(0, 1, 2, noWeight, 64, 3, 4, 5, noWeight, 65, noWeight, noWeight, 66, 67, noWeight),
    weights,
    classes: new Uint32Array(16).fill(0x2104_2104),
    scales: Float32Array.of(2, 1),
    tiles: tileTable(128, [[{ offset: 0, size: 6 }], [{ offset: 64, size: 4 }]]),
    image: new Uint32Array(64 * 3),
  }
}

test('by hand: classes, background, shade and row stride', async () => {
  const gpu = await runKernel(shaders.paint, { ...map(), palette: paletteStruct.write(palette) }, [1, 1, 1])
  const twin = map()
  paint(twin, palette)
  for (const image of [gpu.image, twin.image]) {
    const at = (x: number, y: number) => [0, 8, 16, 24].map((shift) => (image[y * 64 + x]! >>> shift) & 255)
    expect(at(0, 0), 'weight 0 is ordinary and cut').toEqual([10, 20, 30, 255])
    expect(at(3, 0), 'no weight').toEqual([255, 255, 255, 255])
    // Weight 4 is cut again, 3 is a sentinel: |w| = 1.5 of 2, share 0.65 + 0.35 * 0.75 = 0.9125:
    // 255 - 255 * 0.9125 = 22.3, 255 - 155 * 0.9125 = 113.6, 255 - 55 * 0.9125 = 204.8.
    expectClose('sentinel', at(0, 1), [22, 114, 205, 255], { absolute: 1, relative: 0 })
    // Weight 1 is ordinary: 0.5 of 2, share 0.7375: 255 - 155 * 0.7375 = 140.7.
    expectClose('ordinary', at(1, 0), [141, 141, 141, 255], { absolute: 1, relative: 0 })
    // Weight 66 is temporary in the second tensor, scale 1: |w| = 1, full strength.
    expectClose('temporary', at(2, 2), [200, 100, 0, 255], { absolute: 1, relative: 0 })
    expect(
      image.subarray(5, 64).every((x) => x === 0),
      'nothing between rows',
    ).toBe(true)
  }
})

test.each([
  [1, 1],
  [17, 63],
  [257, 16],
])('kernel and twin agree on a map of %i x %i', async (width, height) => {
  const draw = lehmer(width)
  const length = 4160
  const b = {
    pixels: Uint32Array.from({ length: width * height }, (_, i) => (i % 7 === 0 ? noWeight : i % length)),
    weights: Float32Array.from({ length }, draw),
    classes: Uint32Array.from({ length: length / 8 }, () =>
      [0, 1, 2, 4, 5, 6].reduce((word) => word * 16 + ([0, 1, 2, 4, 5, 6][Math.floor((draw() + 1) * 3)] ?? 0), 0),
    ),
    scales: Float32Array.of(0.5, 0),
    tiles: tileTable(length, [[{ offset: 0, size: 4096 }], [{ offset: 4096, size: 3 }]]),
    image: new Uint32Array(Math.ceil(width / 64) * 64 * height),
  }
  const p = { ...palette, width, height, stride: Math.ceil(width / 64) * 64 }
  const gpu = await runKernel(shaders.paint, { ...b, palette: paletteStruct.write(p) }, workgroups(width * height, 256))
  paint(b, p)
  expectClose('bytes', new Uint8Array(gpu.image.buffer), new Uint8Array(b.image.buffer), { absolute: 1, relative: 0 })
})

test.each(awkwardSizes)('scale is twice the root mean square of what is not 0, at size %i', async (size) => {
  const draw = lehmer(size)
  const weights = Float32Array.from({ length: size + 64 }, (_, i) => (i % 3 ? draw() : 0))
  const places = Uint32Array.of(0, size, size, 64)
  const { scales } = await runKernel(shaders.scale, { weights, places, scales: new Float32Array(2) }, [2, 1, 1])
  const twin = new Float32Array(2)
  scale(weights, places, twin)
  const rms = (part: Float32Array) => {
    const live = [...part].filter((w) => w !== 0)
    return live.length ? 2 * Math.sqrt(live.reduce((sum, w) => sum + w * w, 0) / live.length) : 0
  }
  const reference = [rms(weights.subarray(0, size)), rms(weights.subarray(size))]
  expectClose('kernel', scales, reference, { absolute: 0, relative: 1e-6 })
  expectClose('twin', twin, reference, { absolute: 0, relative: 1e-6 })
})
