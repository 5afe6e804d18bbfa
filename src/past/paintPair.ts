import { bit } from '../core/bits'
import { noWeight } from '../core/noWeight'
import type { Colour } from '../core/palette'
import { tilePixels, type Matrix } from '../core/weightMap'
import type { Mask } from './maskAt'

/** Two masks of one model. */
export type Pair = readonly [Mask, Mask]

/** Colours of weights that are in neither mask, in the second alone, in the first alone, in both. */
export type PairColours = readonly [Colour, Colour, Colour, Colour]

/** A matrix's tile as RGBA bytes, row by row; clear where no weight is. */
export function paintPair(matrix: Matrix, pair: Pair, colours: PairColours): Uint8ClampedArray<ArrayBuffer> {
  const pixels = pixelsOf(matrix)
  const image = new Uint8ClampedArray(4 * pixels.length)
  pixels.forEach((place, pixel) => {
    if (place === noWeight) return
    const colour = colours[kindOf(pair, matrix.offset + place)]
    if (colour) image.set([...colour, 255], 4 * pixel)
  })
  return image
}

/** In which of two masks a weight is: 2 for the first, and 1 for the second. */
export function kindOf([a, b]: Pair, index: number): number {
  return (bit(a, index) ? 2 : 0) + (bit(b, index) ? 1 : 0)
}

const known = new WeakMap<Matrix, Uint32Array>()

/** `tilePixels`, made once. */
export function pixelsOf(matrix: Matrix): Uint32Array {
  const pixels = known.get(matrix) ?? tilePixels(matrix)
  known.set(matrix, pixels)
  return pixels
}
