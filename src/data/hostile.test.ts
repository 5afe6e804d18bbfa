import { parquetWriteBuffer } from 'hyparquet-writer'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { joined } from '../core/joined'
import { defaults } from '../core/knob'
import { decodePng } from '../host/png'
import { dropped } from './dropped'
import { unpack } from './formats/archives'
import { parquetRows } from './formats/parquetRows'
import { isUsed } from './formats/raw'
import { fullBudget } from './formats/unpacked'
import { gzippedZeros, longWord, lyingZip, marked, nestedGzip, nestedZips, paxTar, pngOfZeros } from './hostile'
import { codecsFor } from './parquetCodecs'
import { alone, fakeHost, file, loading } from './testing'

const never = new AbortController().signal
const mebibyte = 1 << 20

/** Fails where a step takes 2 s of processor time: a busy machine may take any time by the clock. */
async function soon<T>(step: () => Promise<T> | T): Promise<T> {
  const before = process.cpuUsage()
  const result = await step()
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2)
  return result
}

const opened = (name: string, bytes: Uint8Array, most?: number) =>
  soon(() => unpack(file(name, bytes), false, never, fullBudget(most)))

const load = (files: Readonly<Record<string, string | Uint8Array>>, signal = never) =>
  dropped.load(
    defaults(dropped.knobs),
    loading(fakeHost({ files: Object.entries(files).map(([name, content]) => file(name, content)) }), { signal }),
  )

describe('an archive', () => {
  it('of half a gibibyte of zeros is refused as soon as it has unpacked to the budget', async () => {
    await expect(opened('a.tar.gz', gzippedZeros(512), 8 * mebibyte)).rejects.toThrow(
      'a.tar.gz unpacks to more than 8,388,608 bytes',
    )
  })

  it('in itself is opened three times', async () => {
    const [inner] = await opened('a.gz', nestedGzip(200))
    expect(inner?.bytes.byteLength).toBeGreaterThan(1000)
  })

  it('of archives spends one budget with them', async () => {
    expect(await opened('a.zip', nestedZips(3, 1), 2 * mebibyte)).toHaveLength(3)
    await expect(opened('a.zip', nestedZips(4, 1), 2 * mebibyte)).rejects.toThrow(
      '3.zip unpacks to more than 4,194,304 bytes',
    )
  })

  it('whose file is larger than its list tells stops there', async () => {
    const [inside] = await opened('a.zip', lyingZip(1000, 16))
    await expect(soon(() => inside!.bytes.slice(0))).rejects.toThrow('a.csv in a.zip cannot be unpacked')
  })

  it.each([
    ['whose length is next to nothing', '1e-7 path=a'],
    ['whose length has half a million digits', '9'.repeat(500_000)],
    ['that is longer than its file', `${'7'.repeat(8)} path=b`],
  ])('with a PAX record %s is read', async (_, record) => {
    expect(await opened('a.tar', paxTar(record))).toHaveLength(1)
  })
})

describe('a picture', () => {
  it('that holds more than its header tells is a Problem at once', async () => {
    await expect(soon(async () => decodePng(await Promise.resolve(pngOfZeros(1, 1, 128))))).rejects.toThrow(
      'is damaged (it unpacks to more than 4 bytes)',
    )
  })
})

describe('a table', () => {
  const two = (text: string) => `text,label\n${text},a\n${text},b\nx,a\ny,b\n`

  it('of endless words is read', async () => {
    expect((await soon(() => load({ 'a.csv': two(longWord(400_000)) }))).train.count).toBe(3)
  })

  it('of letters under 200,000 marks is read, as texts and as labels', async () => {
    const letter = marked(200_000)
    expect((await soon(() => load({ 'a.csv': two(letter) }))).train.count).toBe(3)
    const labels = `text,label\n${Array.from({ length: 4 }, (_, i) => `x,${letter}${i % 2}`).join('\n')}`
    expect((await soon(() => load({ 'a.csv': labels }))).classes).toHaveLength(2)
  })

  it('lets a cancel in while it is read', async () => {
    const control = new AbortController()
    const reading = load({ 'a.csv': `text,label\n${'a,1\nb,2\n'.repeat(500_000)}` }, control.signal)
    let [longest, last] = [0, process.cpuUsage()]
    const timer = setInterval(() => {
      longest = Math.max(longest, process.cpuUsage(last).user / 1e6)
      last = process.cpuUsage()
    }, 5)
    setTimeout(() => control.abort(), 300)
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    clearInterval(timer)
    expect(longest).toBeLessThan(1)
  })
})

describe('a table of 24 MB', () => {
  it('of which 70 rows are kept does not stay in memory', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const rows = Array.from({ length: 12_000 }, (_, i) => `${'word '.repeat(400)}${i},${i % 2}\n`)
    const bytes = new TextEncoder().encode(`text,label\n${rows.join('')}`)
    const table = file('a.csv', bytes)
    rows.length = 0
    collect()
    const before = process.memoryUsage().heapUsed
    const values = { ...defaults(dropped.knobs), train: 50, held: 20 }
    const examples = await dropped.load(values, loading(fakeHost({ files: [table] })))
    collect()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8e6)
    expect(examples.train.count).toBe(50)
  })
})

describe('a Parquet file', () => {
  /** Rows that all hold one text, which the file then holds once. */
  const same = (rows: number, text: string) =>
    parquetWriteBuffer({
      columnData: [
        { name: 'text', data: new Array<string>(rows).fill(text), type: 'STRING' },
        { name: 'label', data: Int32Array.from({ length: rows }, (_, i) => i % 2), type: 'INT32' },
      ],
    })

  it('of a few bytes that tells of 1.2 million rows is too large, not damaged', async () => {
    await expect(soon(() => parquetRows(file('a.parquet', same(1_200_000, 'a')), alone))).rejects.toThrow(
      /it has 1,200,000 rows; a file of [\d,]+ bytes may have 1,048,576\. Save it again with fewer rows/,
    )
  })

  it('whose page tells of less than no bytes is damaged, not too large', async () => {
    const bytes = new Uint8Array(same(100, 'a'))
    const readAll = async (changed: Uint8Array) => {
      const reading = await parquetRows(file('a.parquet', changed), alone)
      if (isUsed(reading)) for await (const batch of reading) expect(batch).toBeDefined()
    }
    await readAll(bytes)
    // In the first page's header: the kind of the page, then (a field of i32) how many bytes it unpacks to.
    expect([bytes[4], bytes[6]]).toEqual([0x15, 0x15])
    const negative = bytes.slice()
    negative[7] = 0x0b
    await expect(readAll(negative)).rejects.toThrow(/a page unpacks to -6 bytes\. Download the file again/)
  })

  it('whose pages unpack to a thousand times its bytes is refused before they do', async () => {
    const text = 'x'.repeat(33 << 20)
    const bytes = parquetWriteBuffer({
      codec: 'GZIP',
      compressors: { GZIP: (page) => gzipSync(page) },
      columnData: [
        { name: 'text', data: [text, `${text}y`], type: 'STRING', encoding: 'PLAIN' },
        { name: 'label', data: Int32Array.of(0, 1), type: 'INT32' },
      ],
    })
    const reading = await parquetRows(file('a.parquet', bytes), alone)
    const all = async () => {
      if (isUsed(reading)) for await (const batch of reading) expect(batch).toBeDefined()
    }
    await expect(soon(all)).rejects.toThrow(
      /a\.parquet cannot be decoded: .* unpacks to more than 67,108,864 bytes, .* Save it again with smaller/,
    )
  })

  it('whose rows share one text of a megabyte is read in the memory of one', async () => {
    const bytes = same(5000, 'x'.repeat(1e6))
    const rows = await soon(async () => {
      const reading = await parquetRows(file('a.parquet', bytes), alone)
      let count = 0
      if (isUsed(reading)) for await (const batch of reading) count += batch.length
      return count
    })
    expect(rows).toBe(5000)
  })

  it.each([
    ['BROTLI', brotliCompressSync(new Uint8Array(64 << 20)), 'holds more than its 1000 bytes'],
    ['GZIP', gzippedZeros(64), 'it unpacks to more than 1000 bytes'],
    ['LZ4_RAW', joined([Uint8Array.of(0x1f, 0, 1, 0), new Uint8Array(1 << 20).fill(255), Uint8Array.of(0)]), 'claims'],
    // Its second length is -8, which would lead back to its start.
    ['LZ4', Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 248, 0, 0, 0, 0, 0, 0, 0, 0, 0), 'claims to hold 271'],
  ])('packed by %s cannot unpack a page to more than it tells', async (codec, packed, message) => {
    const unpackPage = (await codecsFor('a.parquet', new Set([codec])))[codec as 'GZIP']
    await expect(soon(async () => unpackPage!(await Promise.resolve(packed), 1000))).rejects.toThrow(message)
  })
})

describe('JSON lines', () => {
  it('that are one line of 30 MB are refused', async () => {
    await expect(soon(() => load({ 'a.jsonl': `{"text": "${'x'.repeat(30 << 20)}` }))).rejects.toThrow(
      'Line 1 of a.jsonl has more than 8,000,000 characters',
    )
  })

  it('that nest 100,000 deep are a Problem', async () => {
    const deep = `{"text": ${'['.repeat(1e5)}${']'.repeat(1e5)}, "label": 1}`
    await expect(soon(() => load({ 'a.jsonl': deep }))).rejects.toThrow('Line 1 of a.jsonl has no text')
  })
})

describe('a vocabulary', () => {
  it('of 100,000 lines with one twice is a Problem that names the piece', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `piece${i}`)
    await expect(
      soon(() =>
        load({ 'a.csv': `text,label\n${'a,1\nb,2\n'.repeat(9)}`, 'vocab.txt': [...lines, 'piece7'].join('\n') }),
      ),
    ).rejects.toThrow('vocab.txt has the piece "piece7" twice')
  })
})
