/**
 * Numbers in the upper 16 bits of a 32-bit float: its range, and 8 significant bits (an error of at most 0.4 %). What
 * is only drawn needs no more.
 */
export function toHalves(values: readonly number[] | Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(Float32Array.from(values).buffer)
  // To the nearest, ties to even; what is not a number stays none.
  return Uint16Array.from(words, (word) =>
    (word & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16,
  )
}

/** The number of 16 bits of `toHalves`. */
export function ofHalf(half: number): number {
  words[0] = half << 16
  return floats[0] as number
}

const words = new Uint32Array(1)
const floats = new Float32Array(words.buffer)
