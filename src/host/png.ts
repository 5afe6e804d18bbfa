import { Unzlib } from 'fflate'
import { count } from '../core/figures'
import { joined } from '../core/joined'
import { messageOf, Problem } from '../core/problem'
import { unpackInto } from '../core/unpackInto'
import { channelsOf, lengthOf, samplesOf, type PngHeader } from './pngSamples'

/** A picture as RGB bytes, row by row. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** Pictures above this many pixels are refused: they would be scaled down to 32 x 32 anyway. */
const mostPixels = 64 * 1024 * 1024

/** What a file holds in addition to its pixels. */
interface Png extends PngHeader {
  /** Red, green and blue of each colour of a palette. */
  readonly palette: Uint8Array
  /**
   * For a palette, the alpha of its first colours; for grey and RGB, the colour that is transparent, 16 bits a channel.
   */
  readonly transparent: Uint8Array
  /** Packed pixels. */
  readonly data: Uint8Array
}

/**
 * Decodes a PNG of any colour type and depth, interlaced or not, to libpng's pixels; null where the bytes are no PNG.
 * Alpha is laid over white, 16 bits are cut to the upper 8, grey and palettes become RGB. Browsers use it too: pixels
 * read back from a canvas are changed by colour profiles, and Brave and Firefox's strict mode add noise on purpose.
 *
 * @throws Problem when the file is damaged or larger than 64 megapixels
 */
export function decodePng(bytes: Uint8Array): Picture | null {
  if (bytes.length < 33 || !startsAsPng(bytes)) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  refuseLarge(width, height)
  try {
    return { width, height, rgb: toRgb(parse(bytes, view)) }
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
    `Scale it down to at most ${count(mostPixels)} pixels.`,
  )
}

/** The signature, then the header; iPhones put another chunk in between, and pack pixels in another way. */
function startsAsPng(bytes: Uint8Array): boolean {
  return ascii(bytes.subarray(0, 16)) === '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'
}

/** Chunks: length, type, content and CRC each. Those that say nothing about pixels are skipped. */
function parse(bytes: Uint8Array, view: DataView): Png {
  const chunks: Record<string, Uint8Array[]> = { PLTE: [], tRNS: [], IDAT: [] }
  for (let at = 8, type = ''; type !== 'IEND' && at < bytes.length;) {
    const length = at + 8 <= bytes.length ? view.getUint32(at) : Infinity
    if (at + 12 + length > bytes.length) throw new Error('it is cut off')
    type = ascii(bytes.subarray(at + 4, at + 8))
    const kept = chunks[type]
    if (kept || type === 'IHDR') {
      if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
        throw new Error(`${type} has a wrong checksum`)
      kept?.push(bytes.subarray(at + 8, at + 8 + length))
    }
    at += 12 + length
  }
  const [depth = 0, colour = 0, compression, filter, interlace = 0] = bytes.subarray(24, 29)
  const channels = channelsOf(colour, depth)
  if (channels === 0 || compression !== 0 || filter !== 0 || interlace > 1) throw new Error('its header makes no sense')
  const { PLTE = [], tRNS = [], IDAT = [] } = chunks
  const header = {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth,
    colour,
    channels,
    interlaced: interlace === 1,
  }
  return { ...header, palette: joined(PLTE), transparent: joined(tRNS), data: joined(IDAT) }
}

function toRgb(png: Png): Uint8Array {
  const { width, height, depth, channels, palette, transparent, colour } = png
  const unpacked = new Uint8Array(lengthOf(png))
  if (unpackInto(new Unzlib(), png.data, unpacked) < unpacked.length) throw new Error('it has too few pixels')
  const samples = samplesOf(png, unpacked)
  if (colour === 2 && depth === 8 && transparent.length === 0) return new Uint8Array(samples)
  const most = 2 ** depth - 1
  const level = (sample: number) => (depth === 16 ? sample >> 8 : (sample * 255) / most)
  const isKey = colourKey(png)
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const at = i * channels
    const index = samples[at] as number
    const alpha =
      colour === 3
        ? (transparent[index] ?? 255)
        : channels % 2 === 0
          ? level(samples[at + channels - 1] as number)
          : isKey(samples, at)
            ? 0
            : 255
    for (let c = 0; c < 3; c++) {
      const value = colour === 3 ? (palette[index * 3 + c] ?? 0) : level(samples[at + (channels < 3 ? 0 : c)] as number)
      rgb[i * 3 + c] = Math.round((value * alpha) / 255 + 255 - alpha)
    }
  }
  return rgb
}

/**
 * Whether the pixel that starts at a sample has the one colour that is transparent; only the lower bits of that colour
 * count.
 */
function colourKey({ transparent, colour, depth, channels }: Png): (samples: ArrayLike<number>, at: number) => boolean {
  if ((colour !== 0 && colour !== 2) || transparent.length < channels * 2) return () => false
  const key = Array.from(
    { length: channels },
    (_, c) => ((transparent[c * 2] ?? 0) * 256 + (transparent[c * 2 + 1] ?? 0)) & (2 ** depth - 1),
  )
  return (samples, at) => key.every((value, c) => samples[at + c] === value)
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1
  return crc
})

function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 255] as number) ^ (crc >>> 8)
  return ~crc >>> 0
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
