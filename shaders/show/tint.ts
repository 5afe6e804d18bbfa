import { uniformStruct } from '../parts/uniformStruct'
import { classOf } from './mark'
import { noWeight } from '../../src/core/noWeight'

/**
 * How the number that is shown is made of two buffers: the first as it is; the product of both over the gradient's
 * norm, without a sign; the coefficient of variation whose two moments they are; the steps since the first one, which
 * `note` leaves.
 */
export const shownNumbers = { asItIs: 0, product: 1, variation: 2, age: 3 } as const

/** Where the range of the colours begins and ends (src/core/mapModes.ts, `NumberLook`). */
export const spans = { symmetric: 0, upwards: 1, signed: 2 } as const

/** The numbers as WGSL names. */
export const constantsOfTint =
  `const asItIs = ${shownNumbers.asItIs}u;\nconst product = ${shownNumbers.product}u;\n`
  + `const age = ${shownNumbers.age}u;\n`
  + `const symmetricSpan = ${spans.symmetric}u;\nconst signedSpan = ${spans.signed}u;\n`

/**
 * The uniform block `tint`: map size and stride as in `Palette`, floats of the prunable part, what is shown and how,
 * and colours as RGBA bytes, red lowest: beside the tiles, of cut weights, and of kept ones without a number. `cutToo`:
 * cut weights are shown as kept ones are. `now`: steps done, for ages.
 */
export const tintStruct = uniformStruct('Tint', {
  width: 'u32',
  height: 'u32',
  stride: 'u32',
  length: 'u32',
  number: 'u32',
  span: 'u32',
  root: 'u32',
  background: 'u32',
  cut: 'u32',
  unknown: 'u32',
  cutToo: 'u32',
  now: 'f32',
})

export type Tint = Parameters<typeof tintStruct.write>[0]

/** What the map's number is read from. */
export interface ShownBuffers {
  /** Scores are f32 as bits: a view of the same memory. */
  readonly first: Float32Array
  readonly second: Float32Array
  /** 4 bits a weight (mark.ts). */
  readonly classes: Uint32Array
  /** Norm of the latest gradient, before clipping. */
  readonly norm: number
  /** Bias corrections of the two noise statistics (step.ts). */
  readonly meanCorrection: number
  readonly squareCorrection: number
}

/** Twin of `shownBits`: the number of a weight, NaN where it has none. */
export function shownNumber(b: ShownBuffers, { number, now }: Pick<Tint, 'number' | 'now'>, i: number): number {
  const value = b.first[i] as number
  if (number === shownNumbers.asItIs) return value
  if (number === shownNumbers.age) return now - value
  const a = Math.abs(value)
  const other = Math.abs(b.second[i] as number)
  if (number === shownNumbers.product) return b.norm === 0 ? NaN : Math.fround(a * Math.fround(other / b.norm))
  const mean = a * b.meanCorrection
  const square = other * b.squareCorrection
  const variance = square - mean * mean
  if (mean === 0) return NaN
  return variance > 1e-6 * square ? Math.fround(Math.sqrt(variance) / mean) : 0
}

/** Whether a weight has no number because it is cut. */
export function isCut(classes: Uint32Array, { cutToo }: Pick<Tint, 'cutToo'>, i: number): boolean {
  return cutToo === 0 && classOf(classes, i) >= 4
}

export interface TintBuffers extends ShownBuffers {
  /** Flat index of the weight at every pixel of the map, row by row, or `noWeight`. */
  readonly pixels: Uint32Array
  /** What `range` leaves: low, high. */
  readonly range: Float32Array
  /** RGBA bytes, from the low end to the high one. */
  readonly colours: Uint32Array
  /** RGBA bytes: stride x height pixels. */
  readonly image: Uint32Array
}

/** Twin of `tint`; a colour may be the next one of its scale. */
export function tint(b: TintBuffers, t: Tint): void {
  const [low, high] = [b.range[0] as number, b.range[1] as number]
  const rooted = t.root !== 0 && low === 0
  const colourAt = (i: number): number => {
    if (isCut(b.classes, t, i)) return t.cut
    const value = shownNumber(b, t, i)
    if (!Number.isFinite(value) || high <= low) return t.unknown
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)))
    const place = Math.floor((rooted ? Math.sqrt(share) : share) * b.colours.length)
    return b.colours[Math.min(place, b.colours.length - 1)] as number
  }
  for (let y = 0, pixel = 0; y < t.height; y++) {
    for (let x = 0; x < t.width; x++, pixel++) {
      const i = b.pixels[pixel] as number
      b.image[y * t.stride + x] = i === noWeight ? t.background : colourAt(i)
    }
  }
}
