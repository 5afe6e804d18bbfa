import { deflated } from '../core/deflated'
import type { Colour } from '../core/palette'

/** A picture in motion, of at most 256 colours. */
export interface Animation {
  readonly width: number
  readonly height: number
  /** Colours by the numbers that the frames hold. */
  readonly palette: readonly Colour[]
  /** Pixels row by row, deflated (`packedRows`), and how long they are shown. */
  readonly frames: readonly { readonly packed: Uint8Array; readonly milliseconds: number }[]
}

/** Pixels of a frame, one byte each, as `apng` takes them. */
export function packedRows(pixels: Uint8Array, width: number): Promise<Uint8Array<ArrayBuffer>> {
  const rows = pixels.length / width
  // Every row begins with its filter: none.
  const filtered = new Uint8Array((width + 1) * rows)
  for (let row = 0; row < rows; row++)
    filtered.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1)
  return deflated([filtered])
}

/** An animated PNG (third edition of that standard), played for ever; its first frame where it cannot move. */
export function apng({ width, height, palette, frames }: Animation): Blob {
  let sequence = 0
  const parts = frames.flatMap(({ packed, milliseconds }, i) => {
    const control = [...word(sequence++), ...word(width), ...word(height), ...word(0), ...word(0)]
    const shown = [...half(milliseconds), ...half(1000), 0, 0]
    return [
      chunk('fcTL', Uint8Array.from([...control, ...shown])),
      i === 0 ? chunk('IDAT', packed) : chunk('fdAT', joined(Uint8Array.from(word(sequence++)), packed)),
    ]
  })
  const paletteOf8Bits = 3
  return new Blob(
    [
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', Uint8Array.from([...word(width), ...word(height), 8, paletteOf8Bits, 0, 0, 0])),
      chunk('acTL', Uint8Array.from([...word(frames.length), ...word(0)])),
      chunk('PLTE', Uint8Array.from(palette.flat())),
      ...parts,
      chunk('IEND', new Uint8Array()),
    ],
    { type: 'image/png' },
  )
}

function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const named = joined(new TextEncoder().encode(name), data)
  return joined(Uint8Array.from(word(data.length)), named, Uint8Array.from(word(checksum(named))))
}

function joined(...arrays: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}

/** CRC-32 of the PNG standard. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (remainders[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8)
  return ~crc
}

const remainders = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** Bytes of a whole number, the largest first. */
function word(n: number): number[] {
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]
}

function half(n: number): number[] {
  return word(n).slice(2)
}
