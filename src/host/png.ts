import { convertIndexedToRgb, decode, hasPngSignature, type DecodedPng } from 'fast-png'
import { grouped } from '../core/grouped'
import { messageOf, Problem } from '../core/problem'

/** A picture as RGB bytes, row by row. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** Pictures above this many pixels are refused: they would be scaled down to 32 x 32 anyway. */
const mostPixels = 64 * 1024 * 1024

/**
 * Decodes a PNG of any colour type and depth; null where the bytes are no PNG. Browsers use it too: reading pixels back from
 * a canvas is rounded by colour profiles and deliberately noisy in Brave and in Firefox's strict mode.
 *
 * @throws Problem when the file is damaged or larger than 64 megapixels
 */
export function decodePng(bytes: Uint8Array): Picture | null {
  if (bytes.length < 24 || !hasPngSignature(bytes)) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  refuseLarge(view.getUint32(16), view.getUint32(20))
  try {
    return toRgb(decode(bytes))
  } catch (error) {
    throw new Problem(
      `A PNG of ${bytes.length} bytes is damaged (${messageOf(error)}).`,
      'Save the picture again, or leave it out.',
      { cause: error },
    )
  }
}

/** @throws Problem above 64 megapixels */
export function refuseLarge(width: number, height: number): void {
  if (width * height <= mostPixels) return
  throw new Problem(
    `A picture is ${width} x ${height} pixels.`,
    `Scale it down to at most ${grouped(mostPixels)} pixels.`,
  )
}

/** Alpha is laid over white, 16 bits are cut to the upper 8, grey and palettes become RGB. */
function toRgb(png: DecodedPng): Picture {
  const { width, height } = png
  const channels = png.palette ? (png.palette[0]?.length ?? 3) : png.channels
  const data = png.palette ? convertIndexedToRgb(png) : spread(png)
  const scale = png.depth === 16 ? 256 : 1
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const at = i * channels
    const alpha = channels % 2 === 0 ? Math.floor((data[at + channels - 1] as number) / scale) / 255 : 1
    for (let c = 0; c < 3; c++) {
      const value = Math.floor((data[at + (channels < 3 ? 0 : c)] as number) / scale)
      rgb[i * 3 + c] = Math.round(value * alpha + 255 * (1 - alpha))
    }
  }
  return { width, height, rgb }
}

/** Samples of 1, 2 and 4 bits lie packed, rows starting at a byte; the others as they are. */
function spread({ data, depth, width, height }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data
  const rowBytes = Math.ceil((width * depth) / 8)
  const most = 2 ** depth - 1
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)] as number
    return (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most
  })
}
