import { beforeAll, describe, expect, test } from 'vitest'
import { scaledImages } from '../../core/bilinear'
import { imageNumbers, motionLength, type ImageBatch } from '../../data/pixels'
import { expectClose, lehmer } from '../../gpu/testing'
import type { ArenaBackend } from '../backend'
import { tf, type Tensor } from '../tfjs'
import { compositions } from './compositions'
import { fusedImages, rawImages } from './fusedImages'
import { noise, testBackend } from './testing'

let backend: ArenaBackend

beforeAll(async () => {
  backend = await testBackend()
})

/** Every motion of up to two pixels (and one out of sight), plain and mirrored: 52 images of random bytes. */
function everyMotion([height, width, channels]: readonly [number, number, number]): ImageBatch {
  const reach = [-2, -1, 0, 1, 2]
  const motions = [...reach.flatMap((down) => reach.map((right) => [down, right])), [height, 0]].flatMap(
    ([down = 0, right = 0]) => [down, right, 0, down, right, 1],
  )
  const batch = motions.length / motionLength
  const random = lehmer(7)
  return {
    task: 'image',
    labels: new Int32Array(batch),
    motions: Int32Array.from(motions),
    pixels: Uint8Array.from({ length: Math.ceil((batch * height * width * channels) / 4) * 4 }, () =>
      Math.floor(128 + 128 * random()),
    ),
    levels: Float32Array.from({ length: channels * 256 }, random),
  }
}

function raw({ pixels, motions, levels, labels }: ImageBatch, shape: readonly [number, number, number]): Tensor {
  return rawImages({
    shape: [labels.length, ...shape],
    pixels: tf.tensor1d(new Int32Array(pixels.buffer), 'int32'),
    motions: tf.tensor2d(motions, [labels.length, motionLength], 'int32'),
    levels: tf.tensor2d(levels, [shape[2], 256]),
  })
}

describe('raw images', () => {
  // 4 x 6 x 3 bytes fill whole words, 3 x 3 x 1 do not.
  const cases = [
    [[4, 6, 3], 2],
    [[3, 3, 1], 3],
    [[3, 5, 3], 1],
  ] as const
  test.each(cases)('of %j in patches of %i are the bits of the twin, under every motion', async (shape, size) => {
    const batch = everyMotion(shape)
    const twin = tf.tensor(imageNumbers(batch, shape), [batch.labels.length, ...shape])
    const images = raw(batch, shape)
    const ours = fusedImages(backend)
    const patches = ours.patches(images, size)
    const expected = compositions.patches(twin, size)
    expect(patches.shape).toEqual(expected.shape)
    expect(await patches.data()).toEqual(await expected.data())
    expect(await ours.pixels(images).data()).toEqual(await twin.data())
  })

  test('give hand-worked numbers', async () => {
    // Bytes 1 2 / 3 4 with the number of a byte v being 10 v, moved down by one and mirrored: 0 0 / 2 1.
    const images = raw(
      {
        task: 'image',
        labels: new Int32Array(1),
        motions: Int32Array.of(1, 0, 1),
        pixels: Uint8Array.of(1, 2, 3, 4),
        levels: Float32Array.from({ length: 256 }, (_, v) => 10 * v),
      },
      [2, 2, 1],
    )
    expect(Array.from(await fusedImages(backend).pixels(images).data())).toEqual([0, 0, 20, 10])
  })
})

describe('images that are scaled before they are cut', () => {
  const cases = [
    [[5, 3, 1], 12, 3],
    // Smaller, too.
    [[12, 12, 3], 6, 2],
  ] as const
  test.each(cases)('%j to %i, in patches of %i', async (shape, side, size) => {
    const batch = everyMotion(shape)
    const count = batch.labels.length
    const numbers = imageNumbers(batch, shape)
    const twin = tf.tensor(scaledImages(numbers, shape, side), [count, side, side, shape[2]])
    const expected = await compositions.patches(twin, size).data()
    const close = (found: Float32Array) => expectClose('patches', found, expected, { absolute: 2e-6, relative: 2e-6 })
    close((await fusedImages(backend).patches(raw(batch, shape), size, side).data()) as Float32Array)
    const floats = tf.tensor(numbers, [count, ...shape])
    close((await compositions.patches(floats, size, side).data()) as Float32Array)
    // What an attack follows: the pixels of an image give each number of its patches a share of one, in all.
    const gradient = tf.grad((x: Tensor) => compositions.patches(x, size, side).sum())(floats)
    expect((await gradient.sum().data())[0]).toBeCloseTo(count * side * side * shape[2], 1)
  })
})

test('images that are numbers already are only cut', async () => {
  const x = noise([2, 4, 6, 3], 1)
  expect(await fusedImages(backend).patches(x, 2).data()).toEqual(await compositions.patches(x, 2).data())
})
