/** Files that are made to hang a reader or to fill its memory, for tests: each is small and claims or holds much. */
import { zipSync } from 'fflate'
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { joined } from '../core/joined'
import { tar } from './testing'

const zlibEnd = new Uint8Array(4)

/** `mebibytes` of zeros, deflated to a thousandth of that. The checksum that gzip wants is not in it. */
export function zeros(mebibytes: number): Uint8Array {
  const one = deflateRawSync(new Uint8Array(1 << 20), { level: 9, finishFlush: constants.Z_SYNC_FLUSH })
  // Without the empty stored block at its end, the packed mebibyte stops in the middle of a byte.
  const all = new Uint8Array(one.length * mebibytes + 5)
  for (let i = 0; i < mebibytes; i++) all.set(one, i * one.length)
  all.set([1, 0, 0, 0xff, 0xff], one.length * mebibytes)
  return all
}

/** A gzip file of zeros. */
export function gzippedZeros(mebibytes: number): Uint8Array {
  return joined([Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), zeros(mebibytes), new Uint8Array(8)])
}

/** A gzip file in a gzip file, and so on. */
export function nestedGzip(depth: number): Uint8Array {
  let bytes: Uint8Array = new TextEncoder().encode('text,label\na,1\n')
  for (let i = 0; i < depth; i++) bytes = gzipSync(bytes)
  return bytes
}

/** An RGB picture whose header tells one size, and whose pixels are zeros of another. */
export function pngOfZeros(width: number, height: number, mebibytes: number): Uint8Array {
  const header = new Uint8Array(13)
  new DataView(header.buffer).setUint32(0, width)
  new DataView(header.buffer).setUint32(4, height)
  header.set([8, 2, 0, 0, 0], 8)
  const data = joined([Uint8Array.of(0x78, 0x9c), zeros(mebibytes), zlibEnd])
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', new Uint8Array(0)),
  ])
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const named = joined([new TextEncoder().encode(type), data])
  return joined([uint32(data.length), named, uint32(crc32(named))])
}

/** A zip file that holds `count` copies of a zip file of zeros. */
export function nestedZips(count: number, mebibytes: number): Uint8Array {
  const inner = zipSync({ 'a.csv': new Uint8Array(mebibytes << 20) })
  return zipSync(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.zip`, inner])))
}

/** A zip file whose list tells of one file with `told` bytes that unpacks to zeros. */
export function lyingZip(told: number, mebibytes: number): Uint8Array {
  const bytes = zipSync({ 'a.csv': new Uint8Array(mebibytes << 20) })
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (view.getUint32(at, true) === 0x04034b50) view.setUint32(at + 22, told, true)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, told, true)
  }
  return bytes
}

/** A tar archive of one file, of which only the PAX record of its name is given. */
export function paxTar(record: string): Uint8Array {
  const bytes = tar({ head: new TextEncoder().encode(record), 'a.csv': new TextEncoder().encode('text,label\na,1\n') })
  const header = bytes.subarray(0, 512)
  header[156] = 'x'.charCodeAt(0)
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.set(new TextEncoder().encode(sum.toString(8).padStart(6, '0') + '\0'), 148)
  return bytes
}

/** A letter under `count` marks, in an order that ICU has to sort. */
export function marked(count: number): string {
  return `e${'\u0301\u0327'.repeat(count / 2)}`
}

/** A word of random small letters. */
export function longWord(length: number): string {
  let state = 1
  const letters = Uint8Array.from({ length }, () => 97 + ((state = (state * 48271) % 2147483647) % 26))
  return new TextDecoder().decode(letters)
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}
