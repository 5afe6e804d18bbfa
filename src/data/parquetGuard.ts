import type { Compressors, FileMetaData, PageHeader, SchemaTree } from 'hyparquet'
import { count } from '../core/figures'
import type { Bytes } from '../core/host'
import { Damage } from './damage'
import { readVarint, skipStruct, type Reader } from './thrift'

/**
 * hyparquet believes the numbers in a file. A bit that flipped makes it read lists of billions, repeat a value for
 * ever, or grow an array until the engine ends the process. So each number on which a loop or an allocation of
 * hyparquet depends is checked here before hyparquet sees it. Layout of the format:
 * https://github.com/apache/parquet-format (Encodings.md, and parquet.thrift in Thrift's compact protocol).
 */

const smallerGroups = 'Save it again with smaller row groups; in pandas: to_parquet(..., row_group_size=10000).'
const fewerRows = 'Save it again with fewer rows, or as CSV.'

/** A file may be whole, and yet too large to be read; told as damage is, with what to do about it. */
export class Excess extends Damage {
  override readonly name = 'Excess'
  constructor(
    message: string,
    readonly fix = smallerGroups,
  ) {
    super(message)
  }
}

/**
 * A column of a row group is unpacked as a whole. It may have so many bytes then, or so many for each packed byte
 * (texts and pictures have far fewer), but never more than fit into a tab.
 */
const smallColumn = 64 << 20
const largestRatio = 100
const largestColumn = 1 << 30
/** A file may have so many rows, or so many for each of its bytes: a row holds a text or a picture. */
const fewRows = 1 << 20
const rowsPerByte = 8
/** A row group is read as a whole; writers put a million rows into one. */
const largestGroup = 8 << 20
/** A run may have so many values more than are wanted: writers fill up groups of 8. */
const filling = 512

/** The parsed footer of a file. @throws Damage, RangeError when its numbers do not fit together */
export async function readFooter(file: Bytes): Promise<FileMetaData> {
  const { parquetMetadata } = await import('hyparquet')
  // As hyparquet itself reads it: 512 KiB hold nearly every footer.
  let start = Math.max(0, file.byteLength - (512 << 10))
  let footer = await file.slice(start, file.byteLength)
  const length = new DataView(footer).getUint32(footer.byteLength - 8, true)
  if (length > file.byteLength - 12) throw new Damage(`a footer of ${length} bytes is longer than the file`)
  if (length + 8 > footer.byteLength) footer = await file.slice((start = file.byteLength - length - 8), file.byteLength)
  skipStruct({ view: new DataView(footer, 0, footer.byteLength - 8), offset: footer.byteLength - length - 8 }, 0)
  const metadata = parquetMetadata(footer)
  if (metadata.schema.some(({ name }) => typeof name !== 'string')) throw new Damage('a column has no name')
  checkColumns(metadata)
  checkCounts(metadata, file.byteLength)
  return metadata
}

/** A field that a flipped bit took away is undefined, although hyparquet's types deny it. */
function checkColumns({ num_rows: rows, row_groups: groups }: FileMetaData): void {
  const numbers: unknown[] = [rows, ...groups.map((group) => group.num_rows)]
  for (const { meta_data: meta } of groups.flatMap((group) => group.columns)) {
    if (!meta) continue
    numbers.push(meta.num_values, meta.data_page_offset, meta.total_compressed_size, meta.dictionary_page_offset ?? 0n)
    if (typeof meta.codec !== 'string') throw new Damage('it does not tell how a column is packed')
  }
  if (numbers.some((number) => typeof number !== 'bigint')) throw new Damage('it lacks a number that it must have')
}

function checkCounts({ num_rows: rows, row_groups: groups }: FileMetaData, fileBytes: number): void {
  const counts = groups.map((group) => Number(group.num_rows))
  const sum = counts.reduce((total, count) => total + count, 0)
  if (sum !== Number(rows) || counts.some((count) => count < 0))
    throw new Damage(`it tells of ${rows} rows and of ${sum}`)
  if (sum > mostRows(fileBytes)) throw tooMany('rows', sum, fileBytes)
  const large = counts.find((count) => count > largestGroup)
  if (large !== undefined)
    throw new Excess(`a row group of it has ${count(large)} rows; at most ${count(largestGroup)} fit into memory`)
}

function tooMany(what: string, n: number, fileBytes: number): Excess {
  const most = count(mostRows(fileBytes))
  return new Excess(`it has ${count(n)} ${what}; a file of ${count(fileBytes)} bytes may have ${most}`, fewerRows)
}

function mostRows(fileBytes: number): number {
  return Math.max(fewRows, rowsPerByte * fileBytes)
}

/** A part of a file that holds one column of one row group. */
interface Chunk {
  readonly start: number
  readonly end: number
  readonly codec: string
  readonly isFlag: boolean
  /** Number of values, nulls included; in a column that does not repeat, the number of rows. */
  readonly values: number
  /** Greatest levels of repetition and definition; a level of 0 is not written. */
  readonly repetition: number
  readonly definition: number
}

/**
 * The same file, but each read of a column chunk checks its pages.
 *
 * @throws Damage from `slice` when a page's numbers do not fit its bytes
 */
export async function guarded(
  file: Bytes,
  metadata: FileMetaData,
  columns: readonly string[],
  codecs: Compressors,
): Promise<Bytes> {
  const { parquetSchema } = await import('hyparquet')
  const { parquetHeader } = await import('hyparquet/src/column.js')
  const chunks = chunksOf(metadata, parquetSchema(metadata), columns, file.byteLength)
  return {
    byteLength: file.byteLength,
    async slice(start, end = file.byteLength) {
      const buffer = await file.slice(start, end)
      for (const chunk of chunks) {
        if (chunk.start < start || chunk.end > end) continue
        checkChunk(new Uint8Array(buffer, chunk.start - start, chunk.end - chunk.start), chunk, parquetHeader, codecs)
      }
      return buffer
    },
  }
}

function chunksOf(metadata: FileMetaData, tree: SchemaTree, columns: readonly string[], fileBytes: number): Chunk[] {
  return metadata.row_groups.flatMap((group) =>
    group.columns.flatMap(({ meta_data: meta }) => {
      if (!meta || !columns.includes(meta.path_in_schema[0] ?? '')) return []
      const kinds = kindsOnPath(tree, meta.path_in_schema)
      const repetition = kinds.filter((kind) => kind === 'REPEATED').length
      const [values, rows] = [Number(meta.num_values), Number(group.num_rows)]
      if (repetition === 0 && values !== rows) throw new Damage(`a column has ${values} values in ${rows} rows`)
      if (!within(values, Infinity)) throw new Damage(`a column has ${values} values`)
      if (values > mostRows(fileBytes)) throw tooMany('values in a column', values, fileBytes)
      const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
      return [
        {
          start,
          end: start + Number(meta.total_compressed_size),
          codec: meta.codec,
          isFlag: meta.type === 'BOOLEAN',
          values,
          repetition,
          definition: kinds.filter((kind) => kind !== 'REQUIRED').length,
        },
      ]
    }),
  )
}

/** Whether values must, may or may often be there, from the top level of the schema down. */
function kindsOnPath(tree: SchemaTree, path: readonly string[]): (string | undefined)[] {
  let node = tree
  return path.map((name) => {
    const child = node.children.find(({ element }) => element.name === name)
    if (!child) throw new Damage(`the schema has no column ${path.join('.')}`)
    node = child
    return child.element.repetition_type
  })
}

function checkChunk(
  bytes: Uint8Array,
  chunk: Chunk,
  readHeader: (reader: Reader) => PageHeader,
  codecs: Compressors,
): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  const most = Math.min(largestColumn, Math.max(smallColumn, largestRatio * bytes.length))
  let unpackedBytes = 0
  for (let seen = 0; seen < chunk.values && reader.offset < bytes.length - 1;) {
    skipStruct({ ...reader }, 0)
    const header = readHeader(reader)
    const packed = header.compressed_page_size
    if (!within(packed, bytes.length - reader.offset))
      throw new Damage(`a page of ${shown(packed)} bytes is longer than its column`)
    const page = bytes.subarray(reader.offset, reader.offset + packed)
    reader.offset += packed
    const size = header.uncompressed_page_size
    if (!within(size, Infinity)) throw new Damage(`a page unpacks to ${shown(size)} bytes`)
    unpackedBytes += size
    if (unpackedBytes > most)
      throw new Excess(
        `a column of ${count(bytes.length)} bytes unpacks to more than ${count(most)} bytes, `
          + 'which do not fit into memory',
      )
    seen += checkPage(page, header, chunk, chunk.values - seen, codecs)
  }
}

/** Returns how many values a page has; `most` are left. */
function checkPage(page: Uint8Array, header: PageHeader, chunk: Chunk, most: number, codecs: Compressors): number {
  const { data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary } = header
  const size = header.uncompressed_page_size
  if (header.type === 'DICTIONARY_PAGE') {
    if (!within(dictionary?.num_values, 8 * size))
      throw new Damage(`a dictionary of ${size} bytes cannot hold ${shown(dictionary?.num_values)} values`)
    return 0
  }
  const data = header.type === 'DATA_PAGE' ? first : header.type === 'DATA_PAGE_V2' ? second : undefined
  if (!data) throw new Damage('a page is of a kind that holds no values')
  const { num_values: values, encoding } = data
  if (!within(values, most)) throw new Damage(`a page has ${shown(values)} values where ${most} are left`)
  if (data === first) checkFirstVersion(unpacked(page, size, chunk, codecs), values, encoding, chunk)
  if (data === second) checkSecondVersion(page, size, values, second, chunk, codecs)
  return values
}

/** Version 1 packs levels and values together, with the length of the levels before them. */
function checkFirstVersion(page: Uint8Array, values: number, encoding: string, chunk: Chunk): void {
  let at = 0
  for (const level of [chunk.repetition, chunk.definition]) {
    if (level === 0) continue
    checkRuns(page, at + 4, bitsOf(level), values)
    at += 4 + lengthAt(page, at)
  }
  checkValues(page, at, values, encoding, chunk)
}

/** Version 2 has the levels before the packed part, and their lengths in the header. */
function checkSecondVersion(
  page: Uint8Array,
  size: number,
  values: number,
  header: NonNullable<PageHeader['data_page_header_v2']>,
  chunk: Chunk,
  codecs: Compressors,
): void {
  const {
    repetition_levels_byte_length: repetition,
    definition_levels_byte_length: definition,
    num_nulls: nulls,
  } = header
  if (!within(repetition, page.length) || !within(definition, page.length - repetition))
    throw new Damage('levels are longer than their page')
  if (!within(nulls, values)) throw new Damage(`${shown(nulls)} of ${values} values are null`)
  if (chunk.repetition > 0) checkRuns(page, 0, bitsOf(chunk.repetition), values)
  if (chunk.definition > 0) checkRuns(page, repetition, bitsOf(chunk.definition), values)
  // Where levels are not written, hyparquet takes values to start after the repetition levels.
  const body = page.subarray(repetition + (chunk.definition > 0 ? definition : 0))
  const plain = header.is_compressed === false ? body : unpacked(body, size - repetition - definition, chunk, codecs)
  checkValues(plain, 0, values - nulls, header.encoding, chunk)
}

/** Dictionary indices and flags come in runs; every other encoding takes at least a byte for a few values. */
function checkValues(page: Uint8Array, at: number, values: number, encoding: string, { isFlag }: Chunk): void {
  if (encoding === 'RLE' && isFlag) checkRuns(page, at + 4, 1, values)
  else if (encoding === 'RLE' || encoding.endsWith('_DICTIONARY'))
    checkRuns(page, at + 1, isFlag ? 1 : (page[at] ?? 0), values)
}

/** Runs of the mixed encoding (run lengths and packed bits): none may be longer than what is wanted. */
function checkRuns(page: Uint8Array, start: number, bits: number, values: number): void {
  if (bits > 32) throw new Damage(`a page has numbers of ${bits} bits`)
  const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: start }
  for (let seen = 0; seen < values && reader.offset < page.length;) {
    const header = readVarint(reader)
    const groups = Math.floor(header / 2)
    const run = header % 2 ? groups * 8 : groups
    if (run > values + filling) throw new Damage(`a run of ${run} values is longer than its page of ${values}`)
    reader.offset += header % 2 ? groups * bits : Math.ceil(bits / 8)
    seen += run
  }
}

function unpacked(page: Uint8Array, size: number, { codec }: Chunk, codecs: Compressors): Uint8Array {
  if (size === 0) return new Uint8Array()
  const unpack = codecs[codec as keyof Compressors]
  const bytes = size > 0 ? unpack?.(page, size) : undefined
  if (bytes?.length !== size) throw new Damage(`a page unpacks to ${shown(bytes?.length)} bytes instead of ${size}`)
  return bytes
}

function bitsOf(level: number): number {
  return 32 - Math.clz32(level)
}

function lengthAt(page: Uint8Array, at: number): number {
  return new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(at, true)
}

/** A number of the file for messages; flipped bits may have taken it away. */
function shown(value: number | undefined): string {
  return value === undefined ? 'an unknown number of' : String(value)
}

/** Whether a number of the file is there, and from 0 to `most`. */
function within(value: number | undefined, most: number): boolean {
  return value !== undefined && value >= 0 && value <= most
}
