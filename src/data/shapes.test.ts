import { describe, expect, it } from 'vitest'
import type { Split } from '../core/dataset'
import { shapes } from './shapes'
import { dense, fakeHost, linearAccuracy, loading, type Features } from './testing'

function load(train: number, held: number, size: number, noise: number, seed = 1) {
  return shapes.load({ train, held, noise, size, turn: 20 }, loading(fakeHost(), { seed }))
}

function images(split: Split, bytes: number): Float32Array[] {
  const pixels = split.task === 'image' ? split.pixels : new Uint8Array(0)
  return Array.from({ length: split.count }, (_, i) =>
    Float32Array.from(pixels.subarray(i * bytes, (i + 1) * bytes), (byte) => byte / 127.5 - 1),
  )
}

/** How far each pixel is from the mean colour of the image's four corners: the outline without its polarity. */
function relief(image: Float32Array, size: number): Features {
  const corners = [0, size - 1, size * (size - 1), size * size - 1]
  const ground = [0, 1, 2].map((c) => corners.reduce((sum, at) => sum + image[at * 3 + c]! / 4, 0))
  return dense(
    Float32Array.from(
      { length: size * size },
      (_, i) => ground.reduce((sum, value, c) => sum + Math.abs(image[i * 3 + c]! - value), 0) / 2,
    ),
  )
}

describe('shapes', () => {
  it('are balanced, and the same image whatever the number of images', async () => {
    const [few, many] = [await load(64, 64, 8, 0.1), await load(128, 64, 8, 0.1)]
    if (few.train.task !== 'image' || many.train.task !== 'image') throw new Error('not images')
    expect([...few.train.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    expect(Buffer.from(few.train.pixels).equals(many.train.pixels.subarray(0, few.train.pixels.length))).toBe(true)
    expect(few.classes).toEqual([
      'disc',
      'ring',
      'square',
      'frame',
      'triangle',
      'plus',
      'bar',
      'bars',
      'crescent',
      'corner',
    ])
  })

  it('differ between splits and between seeds', async () => {
    const [one, two] = [await load(64, 64, 8, 0), await load(64, 64, 8, 0, 2)]
    const bytes = ({ train, held }: typeof one) =>
      [train, held].map((split) => Buffer.from(split.task === 'image' ? split.pixels : []).toString('base64'))
    expect(new Set([...bytes(one), ...bytes(two)]).size).toBe(4)
  })

  it('have noise of the deviation asked for', async () => {
    const [clean, noisy] = [await load(64, 64, 16, 0), await load(64, 64, 16, 0.1)]
    if (clean.train.task !== 'image' || noisy.train.task !== 'image') throw new Error('not images')
    const clear = clean.train.pixels
    const differences = [...noisy.train.pixels]
      .map((value, i) => (value - clear[i]!) / 255)
      .filter((_, i) => clear[i]! > 60 && clear[i]! < 195)
    const deviation = Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0) / differences.length)
    expect(deviation).toBeCloseTo(0.1, 2)
  })

  it('defy a linear model on pixels, though the outlines are there to be seen', async () => {
    const size = 12
    const { train, held } = await load(1200, 400, size, 0.1)
    const bytes = size * size * 3
    const raw = (split: Split): Features[] => images(split, bytes).map(dense)
    const seen = (split: Split): Features[] => images(split, bytes).map((image) => relief(image, size))
    const fit = { classes: 10, epochs: 6, rate: 0.005 }
    const linear = linearAccuracy(raw(train), train.labels, raw(held), held.labels, { ...fit, features: bytes })
    const ceiling = linearAccuracy(seen(train), train.labels, seen(held), held.labels, {
      ...fit,
      rate: 0.02,
      features: size * size,
    })
    expect(linear).toBeLessThan(0.3)
    expect(ceiling).toBeGreaterThan(0.6)
  }, 20_000)
})
