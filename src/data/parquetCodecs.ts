import { Gunzip } from 'fflate'
import type { Compressors } from 'hyparquet'
import { Problem } from '../core/problem'
import { unpackInto } from '../core/unpackInto'
import { brotli } from './parquetBrotli'
import { Damage } from './damage'
import { hadoopLz4, rawLz4, type Codec } from './parquetLz4'

/**
 * What unpacks the pages of a file, by the names of its codecs; each loads for files that need it. @throws Problem for
 * others
 */
export async function codecsFor(file: string, names: ReadonlySet<string>): Promise<Compressors> {
  const found = await Promise.all(
    [...names].map(async (name) => {
      const unpack = await codecFor(name)
      if (!unpack) {
        throw new Problem(
          `${file} is packed with ${name}, which cannot be unpacked here.`,
          'Save it again packed with Snappy or Zstandard; in pandas: read_parquet(...).to_parquet(..., '
            + 'compression="snappy").',
        )
      }
      // A page without values may have no bytes at all.
      return [name, (input: Uint8Array, length: number) => (length === 0 ? new Uint8Array() : unpack(input, length))]
    }),
  )
  return Object.fromEntries(found) as Compressors
}

async function codecFor(name: string): Promise<Codec | null> {
  switch (name) {
    case 'UNCOMPRESSED':
      return (input) => input
    case 'SNAPPY': {
      const { snappyUncompress } = await import('hyparquet')
      return (input, length) => {
        checkLiterals(input)
        return filled(length, (output) => {
          snappyUncompress(input, output)
        })
      }
    }
    case 'GZIP':
      return (input, length) => filled(length, (output) => output.subarray(0, unpackInto(new Gunzip(), input, output)))
    case 'ZSTD': {
      const { decompressZstd } = await import('hyparquet-compressors')
      return (input, length) => decompressZstd(input, new Uint8Array(length))
    }
    case 'BROTLI':
      return brotli()
    case 'LZ4':
      return hadoopLz4((await import('hyparquet-compressors')).decompressLz4Raw)
    case 'LZ4_RAW':
      return rawLz4((await import('hyparquet-compressors')).decompressLz4Raw)
    default:
      return null
  }
}

function filled(length: number, fill: (output: Uint8Array) => void): Uint8Array {
  const output = new Uint8Array(length)
  fill(output)
  return output
}

/** hyparquet reads the length of a literal as signed; it steps back by a negative length and may never end. */
function checkLiterals(input: Uint8Array): void {
  const byte = (at: number) => input[at] ?? 0
  let at = 0
  while (byte(at++) >= 128);
  while (at < input.length) {
    const tag = byte(at++)
    const kind = tag & 3
    const lengthBytes = (tag >> 2) - 59
    if (kind > 0) at += kind === 3 ? 4 : kind
    else if (lengthBytes <= 0) at += (tag >> 2) + 1
    else {
      let length = 1
      for (let i = 0; i < lengthBytes; i++) length += byte(at + i) * 2 ** (8 * i)
      at += lengthBytes + length
    }
    if (at > input.length) throw new Damage('a packed page ends in the middle')
  }
}
