import { gzipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { brotliCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomBits } from '../core/random'
import { memoryBytes } from '../host/http'
import { openParquet, type ParquetFile } from './parquet'
import { cifarParquet, counting, sstParquet } from './testing'

const never = new AbortController().signal

async function rowsOf(file: ParquetFile, columns: readonly string[], count: number) {
  const all = []
  for await (const rows of file.read(columns, count, never)) all.push(...rows)
  return all
}

describe('a Parquet file', () => {
  it('tells rows, columns with their fields, and class names', async () => {
    const info = JSON.stringify({ info: { features: { label: { names: ['down', 'up'], _type: 'ClassLabel' } } } })
    const file = await openParquet(
      'x.parquet',
      memoryBytes(sstParquet(7, { kvMetadata: [{ key: 'huggingface', value: info }] })),
    )
    expect(file.rows).toBe(7)
    expect(file.columns.map(({ name }) => name)).toEqual(['idx', 'sentence', 'label'])
    expect(file.classNames('label')).toEqual(['down', 'up'])
    expect(file.classNames('idx')).toBeNull()
    const images = await openParquet('y.parquet', memoryBytes(cifarParquet(3)))
    expect(images.columns).toEqual([
      { name: 'img', fields: ['bytes', 'path'], isList: false },
      { name: 'label', fields: [], isList: false },
    ])
  })

  it('does without a description that is no JSON', async () => {
    const file = await openParquet(
      'x.parquet',
      memoryBytes(sstParquet(2, { kvMetadata: [{ key: 'huggingface', value: '{' }] })),
    )
    expect(file.classNames('label')).toBeNull()
  })

  it('gives the first rows in order, across row groups', async () => {
    const file = await openParquet('x.parquet', memoryBytes(sstParquet(25, { rowGroupSize: 10 })))
    const rows = await rowsOf(file, ['sentence', 'label'], 12)
    expect(rows).toHaveLength(12)
    expect(rows[10]).toEqual({ sentence: 'fine a ', label: 0n })
  })

  it('reads only the row groups and columns that are asked for', async () => {
    const blobs = Array.from({ length: 3000 }, (_, i) => new Uint8Array(600).map((_, k) => randomBits(1, i, k)))
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'img', data: blobs },
        { name: 'label', data: blobs.map((_, i) => i % 10), type: 'INT32' },
      ],
      rowGroupSize: 500,
    })
    const bytes = counting(buffer)
    const file = await openParquet('y.parquet', bytes)
    const footer = bytes.total()
    // Four bytes at either end, then hyparquet's first guess at the footer, 512 KiB.
    expect(footer).toBe(8 + Math.min(buffer.byteLength, 1 << 19))
    const expected = file.bytesOf(['img', 'label'], 750)
    await rowsOf(file, ['img', 'label'], 750)
    const read = bytes.total() - footer
    // hyparquet skips no gap below 8 KiB between column chunks, so a little more than the chunks may be read.
    expect(read).toBeGreaterThanOrEqual(expected)
    expect(read).toBeLessThan(expected + 4 * 8192)
    expect(read / buffer.byteLength).toBeCloseTo(2 / 6, 1)
  })

  it.each([
    ['GZIP', (input: Uint8Array) => gzipSync(input)],
    ['BROTLI', (input: Uint8Array) => brotliCompressSync(input)],
  ] as const)('unpacks %s with the decoder that loads for it', async (codec, pack) => {
    const buffer = sstParquet(50, { codec, compressors: { [codec]: pack } })
    const rows = await rowsOf(await openParquet('x.parquet', memoryBytes(buffer)), ['sentence'], 50)
    expect(rows[1]).toEqual({ sentence: 'fine ' })
  })

  it('can be cancelled between row groups', async () => {
    const control = new AbortController()
    const file = await openParquet('y.parquet', memoryBytes(cifarParquet(4, { rowGroupSize: 2 })))
    const reading = file.read(['img'], 4, control.signal)
    control.abort()
    await expect(reading.next()).rejects.toMatchObject({ name: 'AbortError' })
  })
})

it('packed in a way that is not read says how to pack it', async () => {
  const file = await openParquet(
    'x.parquet',
    memoryBytes(sstParquet(9, { codec: 'LZO', compressors: { LZO: (input) => input } })),
  )
  await expect(rowsOf(file, ['sentence'], 9)).rejects.toThrow(
    'x.parquet is packed with LZO, which cannot be unpacked here. Save it again packed with Snappy or Zstandard',
  )
})

describe('a bad file is a Problem that names it', () => {
  const good = sstParquet(40, { rowGroupSize: 10 })

  it.each([0, 1, 11, 200, good.byteLength - 1])('cut off after %i bytes', async (length) => {
    await expect(openParquet('data/x.parquet', memoryBytes(good.slice(0, length)))).rejects.toMatchObject({
      name: 'Problem',
      what: expect.stringContaining(`data/x.parquet (${length.toLocaleString('en')} bytes)`) as string,
    })
  })

  it('no Parquet at all', async () => {
    const page = new TextEncoder().encode('<!doctype html><title>Not found</title>').buffer
    await expect(openParquet('x.parquet', memoryBytes(page))).rejects.toThrow('x.parquet (39 bytes) is no Parquet file')
  })

  it('with its middle missing, as a broken copy leaves it', async () => {
    const holed = new Uint8Array([...new Uint8Array(good.slice(0, 100)), ...new Uint8Array(good.slice(700))])
    await expect(openParquet('x.parquet', memoryBytes(holed.buffer))).rejects.toMatchObject({ name: 'Problem' })
  })

  it('with a damaged page: the rows are named', async () => {
    const bytes = new Uint8Array(good.slice(0))
    bytes.fill(0xff, 4, 60)
    const file = await openParquet('x.parquet', memoryBytes(bytes.buffer))
    await expect(rowsOf(file, ['idx', 'sentence', 'label'], 40)).rejects.toThrow(
      'Rows 0 to 39 of x.parquet cannot be decoded',
    )
  })
})
