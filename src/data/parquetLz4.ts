import { Damage } from './damage'

/** Unpacks a page. @param length bytes that it unpacks to */
export type Codec = (input: Uint8Array, length: number) => Uint8Array

/** A raw block of LZ4. Its decoder goes on for as long as the block claims, so what it claims is added up first. */
export function rawLz4(decode: Codec): Codec {
  return (input, length) => {
    const claimed = lengthOf(input)
    if (claimed !== length) throw new Damage(`a packed page of ${length} bytes claims to hold ${claimed}`)
    return decode(input, length)
  }
}

/**
 * LZ4 as Hadoop frames it: blocks, each after the number of its bytes unpacked and packed; or one raw block, as older
 * Arrow wrote it. The decoder of hyparquet-compressors reads these numbers as signed, and a negative one takes it back
 * to the same block for ever.
 */
export function hadoopLz4(decode: Codec): Codec {
  const raw = rawLz4(decode)
  return (input, length) => {
    const blocks = blocksOf(input, length)
    if (!blocks) return raw(input, length)
    const output = new Uint8Array(length)
    let at = 0
    for (const { packed, size } of blocks) {
      // blocksOf has added up what it claims.
      output.set(decode(packed, size), at)
      at += size
    }
    return output
  }
}

interface Block {
  readonly packed: Uint8Array
  /** Bytes that it unpacks to. */
  readonly size: number
}

/** The blocks of Hadoop's frames; null where the numbers do not fit, as in a raw block. */
function blocksOf(input: Uint8Array, length: number): Block[] | null {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const blocks: Block[] = []
  let left = length
  for (let at = 0; at < input.length;) {
    if (at + 8 > input.length) return null
    const [size, end] = [view.getUint32(at), at + 8 + view.getUint32(at + 4)]
    const packed = input.subarray(at + 8, end)
    if (size > left || end > input.length || lengthOf(packed) !== size) return null
    blocks.push({ packed, size })
    left -= size
    at = end
  }
  return left === 0 ? blocks : null
}

/** Bytes that a raw block unpacks to: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
function lengthOf(input: Uint8Array): number {
  let [total, at] = [0, 0]
  const more = (start: number) => {
    let length = start
    for (let byte = start + 240; byte === 255;) length += byte = input[at++] ?? 0
    return length
  }
  while (at < input.length) {
    const token = input[at++] as number
    const literals = more(token >> 4)
    total += literals
    at += literals
    if (at >= input.length) return total
    at += 2
    total += 4 + more(token & 15)
  }
  return total
}
