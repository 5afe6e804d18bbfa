import { expect, it } from 'vitest'
import { bilinear, scaledImages } from './bilinear'

it('mixes neighbours by how near their middles lie', () => {
  // Middles of four pixels lie at 0.25, 0.75, 1.25 and 1.75 pixels of two, whose own lie at 0.5 and 1.5.
  expect([...bilinear(2, 4)]).toEqual([1, 0, 0.75, 0.25, 0.25, 0.75, 0, 1])
  // One of two lies between the middle two of four.
  expect([...bilinear(4, 2)]).toEqual([0.5, 0.5, 0, 0, 0, 0, 0.5, 0.5])
  expect([...bilinear(3, 3)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1])
  expect([...bilinear(1, 2)]).toEqual([1, 1])
})

it('scales images down and across, each channel by itself', () => {
  // [[0, 4], [8, 12]], and a second channel of minus that.
  const image = Float32Array.of(0, 0, 4, -4, 8, -8, 12, -12)
  const first = [0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12]
  const scaled = scaledImages(image, [2, 2, 2], 4)
  expect([...scaled.filter((_, i) => i % 2 === 0)]).toEqual(first)
  expect([...scaled.filter((_, i) => i % 2 === 1)].map((x) => 0 - x)).toEqual(first)
})
