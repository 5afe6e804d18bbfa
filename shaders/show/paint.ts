import { classOf, markedBy } from './mark'
import { noWeight } from '../../src/core/noWeight'
import { uniformStruct } from '../parts/uniformStruct'

/**
 * The uniform block `palette`: map size in pixels, pixels from row to row (a multiple of 64 for a texture copy), and
 * colours as RGBA bytes, red lowest.
 */
export const paletteStruct = uniformStruct('Palette', {
  width: 'u32',
  height: 'u32',
  stride: 'u32',
  background: 'u32',
  ordinary: 'u32',
  temporary: 'u32',
  sentinel: 'u32',
  ordinaryCut: 'u32',
  temporaryCut: 'u32',
  sentinelCut: 'u32',
})

export type Palette = Parameters<typeof paletteStruct.write>[0]

/** Share of a weight's colour that even the smallest weight keeps; the rest is background. */
const faintest = 0.65

export interface PaintBuffers {
  /** Flat index of the weight at every pixel of the map, row by row, or `noWeight`. */
  readonly pixels: Uint32Array
  readonly weights: Float32Array
  readonly classes: Uint32Array
  /** Tiles with one group a tensor. */
  readonly tiles: Uint32Array
  /** Magnitude of full strength by tensor (`scale`). */
  readonly scales: Float32Array
  /** RGBA bytes: stride x height pixels. */
  readonly image: Uint32Array
}

/** Twin of `paint`; colours agree to one step of 255. */
export function paint(b: PaintBuffers, palette: Palette): void {
  // By the 4 bits of a class: nothing is made for each of many thousand pixels.
  const colours = Uint32Array.from({ length: 16 }, (_, code) => {
    const { class: name, cut } = markedBy(code)
    return cut ? palette[`${name}Cut`] : palette[name]
  })
  const colourAt = (i: number): number => {
    const code = classOf(b.classes, i)
    const colour = colours[code] as number
    if (code >= 4) return colour
    const scale = Math.max(b.scales[(b.tiles[i >>> 6] as number) >>> 8] as number, 1e-30)
    const reach = Math.min(Math.abs(b.weights[i] as number) / scale, 1)
    return mix(palette.background, colour, faintest + (1 - faintest) * reach)
  }
  for (let y = 0, pixel = 0; y < palette.height; y++) {
    for (let x = 0; x < palette.width; x++, pixel++) {
      const i = b.pixels[pixel] as number
      b.image[y * palette.stride + x] = i === noWeight ? palette.background : colourAt(i)
    }
  }
}

/** Mixes RGBA bytes. */
function mix(from: number, to: number, share: number): number {
  let result = 0
  for (let shift = 24; shift >= 0; shift -= 8) {
    const a = (from >>> shift) & 255
    const b = (to >>> shift) & 255
    result = (result << 8) | Math.round(a + (b - a) * share)
  }
  return result >>> 0
}

/** Twin of `scale`: twice the root mean square of a tensor's weights that are not 0, by tensor. */
export function scale(weights: Float32Array, places: Uint32Array, scales: Float32Array): void {
  for (let tensor = 0; tensor < scales.length; tensor++) {
    const offset = places[2 * tensor] as number
    let sum = 0
    let count = 0
    for (const w of weights.subarray(offset, offset + (places[2 * tensor + 1] as number))) {
      sum += w * w
      if (w !== 0) count++
    }
    scales[tensor] = 2 * Math.sqrt(sum / Math.max(count, 1))
  }
}
