/** Bytes of a number of each type that is read. */
const sizes: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 }

/** Bytes of a number of that type; undefined where the type is not read. */
export function bytesOfType(dtype: string): number | undefined {
  return sizes[dtype]
}

/** Numbers of a type as floats; each one of 16 bits is a float exactly. @param bytes little-endian */
export function floatsOf(bytes: ArrayBuffer, dtype: string): Float32Array<ArrayBuffer> {
  if (dtype === 'F32') return new Float32Array(bytes)
  const short = new Uint16Array(bytes)
  const floats = new Float32Array(short.length)
  const bits = new Uint32Array(floats.buffer)
  for (let i = 0; i < short.length; i++) {
    const half = short[i] as number
    if (dtype === 'BF16') bits[i] = half << 16
    else if ((half & 0x7c00) === 0) floats[i] = subnormal(half)
    else bits[i] = bitsOfHalf(half)
  }
  return floats
}

/** IEEE 754: a half has 5 bits of exponent (bias 15) and 10 of fraction, a float 8 (bias 127) and 23. */
function bitsOfHalf(half: number): number {
  const exponent = (half & 0x7c00) === 0x7c00 ? 0x7f800000 : (((half & 0x7c00) >> 10) + 112) << 23
  return ((half & 0x8000) << 16) | exponent | ((half & 0x3ff) << 13)
}

function subnormal(half: number): number {
  const size = (half & 0x3ff) * 2 ** -24
  return half & 0x8000 ? -size : size
}
