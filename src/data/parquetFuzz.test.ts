import { gzipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { brotliCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Problem } from '../core/problem'
import { randomBits } from '../core/random'
import { parquetRows } from './formats/parquetRows'
import { isUsed, type Batches } from './formats/raw'
import { alone, cifarParquet, file, sstParquet } from './testing'

/** Frames that pack nothing, as the formats allow: Zstandard's raw blocks, and literals of LZ4. */
const zstd = {
  codec: 'ZSTD',
  compressors: {
    ZSTD: (input: Uint8Array) => {
      const size = [input.length & 255, (input.length >> 8) & 255, input.length >> 16, 0]
      const block = (input.length << 3) | 1
      return Uint8Array.of(
        0x28,
        0xb5,
        0x2f,
        0xfd,
        0xa0,
        ...size,
        block & 255,
        (block >> 8) & 255,
        block >> 16,
        ...input,
      )
    },
  },
} as const
const lz4 = {
  codec: 'LZ4_RAW',
  compressors: {
    LZ4_RAW: (input: Uint8Array) => {
      if (input.length < 15) return Uint8Array.of(input.length << 4, ...input)
      const more = input.length - 15
      return Uint8Array.of(0xf0, ...new Uint8Array(Math.floor(more / 255)).fill(255), more % 255, ...input)
    },
  },
} as const
const brotli = { codec: 'BROTLI', compressors: { BROTLI: (input: Uint8Array) => brotliCompressSync(input) } } as const
const gzip = { codec: 'GZIP', compressors: { GZIP: (input: Uint8Array) => gzipSync(input) } } as const

/** Small files of every kind that the writer makes: packings, dictionaries, nulls, structs, flags, deltas. */
const files: Readonly<Record<string, ArrayBuffer>> = {
  snappy: sstParquet(80),
  plain: sstParquet(80, { codec: 'UNCOMPRESSED', rowGroupSize: 30 }),
  gzip: sstParquet(80, gzip),
  zstd: sstParquet(80, zstd),
  brotli: sstParquet(80, brotli),
  'more brotli': sstParquet(3000, brotli),
  lz4: sstParquet(80, lz4),
  pictures: cifarParquet(12, { codec: 'UNCOMPRESSED' }, 4),
  'packed pictures': cifarParquet(12, {}, 4),
  'other types': parquetWriteBuffer({
    columnData: [
      { name: 'text', data: Array.from({ length: 200 }, (_, i) => `word ${i % 3}`), type: 'STRING', nullable: true },
      { name: 'label', data: Array.from({ length: 200 }, (_, i) => i % 2 === 0), type: 'BOOLEAN' },
    ],
  }),
  deltas: parquetWriteBuffer({
    columnData: [
      {
        name: 'text',
        data: Array.from({ length: 90 }, (_, i) => `word ${i}`),
        type: 'STRING',
        encoding: 'DELTA_BYTE_ARRAY',
      },
      {
        name: 'label',
        data: Int32Array.from({ length: 90 }, (_, i) => i % 5),
        type: 'INT32',
        encoding: 'DELTA_BINARY_PACKED',
      },
    ],
  }),
}

/** Reads all of a file; answers rows, or null for a Problem. @throws whatever else comes */
async function read(content: ArrayBuffer | Uint8Array): Promise<number | null> {
  try {
    const reading = await parquetRows(file('x.parquet', content), alone)
    if (!isUsed(reading)) return 0
    let rows = 0
    for await (const batch of reading) rows += batch.length
    return rows
  } catch (error) {
    if (error instanceof Problem) {
      expect(error.what, error.what).not.toMatch(/undefined|NaN|Cannot read|Offset|typed array|[^.]parquet [a-z]/)
      return null
    }
    throw error
  }
}

async function all(batches: Batches): Promise<void> {
  for await (const batch of batches) expect(batch).toBeDefined()
}

/** A copy with one to four bits turned, or with a byte and its neighbours set to what ends no number. */
function damaged(content: ArrayBuffer, seed: number): Uint8Array {
  const bytes = new Uint8Array(content.slice(0))
  const draw = (which: number, below: number) => randomBits(seed, 0, which) % below
  const count = 1 + draw(0, 4)
  for (let i = 0; i < count; i++) bytes[draw(3 * i + 1, bytes.length)]! ^= 1 << draw(3 * i + 2, 8)
  if (draw(20, 4) === 0) bytes.fill(draw(21, 2) ? 0xff : draw(22, 256), draw(23, bytes.length), 0)
  const at = draw(24, bytes.length)
  if (draw(25, 4) === 0) bytes.fill(draw(26, 256), at, at + 1 + draw(27, 6))
  return bytes
}

describe('a damaged Parquet file', () => {
  it.each(Object.entries(files))('gives rows or a Problem within 2 s: %s', async (_, content) => {
    expect(await read(content)).toBeGreaterThan(0)
    let problems = 0
    for (let seed = 0; seed < 60; seed++) {
      const begun = performance.now()
      if ((await read(damaged(content, seed))) === null) problems++
      expect(performance.now() - begun, `seed ${seed}`).toBeLessThan(2000)
    }
    expect(problems).toBeGreaterThan(20)
  })

  it('whose run of one value never ends', async () => {
    const bytes = new Uint8Array(sstParquet(80, { codec: 'UNCOMPRESSED' }))
    // 80 times level 1: twice 80 as a varint, then 1. A run of 2^13 - 1 has as many bytes.
    bytes.forEach((byte, i) => {
      if (byte === 0xa0 && bytes[i + 1] === 0x01 && bytes[i + 2] === 0x01) bytes.set([0xfe, 0x7f], i)
    })
    const reading = await parquetRows(file('x.parquet', bytes), alone)
    if (!isUsed(reading)) throw new Error(reading.unused)
    await expect(all(reading)).rejects.toThrow('a run of 8191 values is longer than its page of 80')
  })
})
