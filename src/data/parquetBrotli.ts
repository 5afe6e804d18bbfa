import type { BrotliOutput } from 'hyparquet-compressors/src/brotli.streams.js'
import { Damage } from './damage'

/** Bytes that the page unpacked now may have. */
let room = 0
let isWatched = false

/**
 * Unpacks a page. The decoder makes its output as long as the packed bytes ask for, and twenty of them can ask for 16
 * MB; so what it writes is counted, and more than `length` is refused.
 *
 * @throws Damage
 */
export async function brotli(): Promise<(input: Uint8Array, length: number) => Uint8Array> {
  const { decompressBrotli } = await import('hyparquet-compressors')
  const streams = await import('hyparquet-compressors/src/brotli.streams.js')
  if (!isWatched) watch(streams.BrotliOutput.prototype)
  isWatched = true
  return (input, length) => {
    room = length
    return decompressBrotli(input, length)
  }
}

/** Its output belongs to the decoder alone, which gives no way to hand in another one. */
function watch(output: BrotliOutput): void {
  const { write } = output
  output.write = function (bytes, count) {
    if (this.pos + count > room) throw new Damage(`a packed page holds more than its ${room} bytes`)
    return write.call(this, bytes, count)
  }
}
