/** What the unpacking streams of fflate have in common. */
export interface UnpackingStream {
  ondata: (part: Uint8Array<ArrayBuffer>, last: boolean) => void
  push(packed: Uint8Array, last?: boolean): void
}

/**
 * Bytes that are unpacked at a time. Deflate makes at most 1,032 bytes of one, so a step takes at most 17 MB and some
 * hundredths of a second, whatever the file claims.
 */
export const packedStep = 16 << 10

/**
 * Unpacks bytes into the room that there is, a step at a time.
 *
 * @returns how many bytes were written
 * @throws Error as soon as more than that come, and whatever the stream throws at damaged bytes
 */
export function unpackInto(stream: UnpackingStream, packed: Uint8Array, room: Uint8Array): number {
  let written = 0
  stream.ondata = (part) => {
    if (written + part.length > room.length) throw new Error(`it unpacks to more than ${room.length} bytes`)
    room.set(part, written)
    written += part.length
  }
  let start = 0
  do {
    const end = Math.min(packed.length, start + packedStep)
    stream.push(packed.subarray(start, end), end === packed.length)
    start = end
  } while (start < packed.length)
  return written
}
