import type { FileMetaData, SchemaTree } from 'hyparquet'
import { count } from '../core/figures'
import type { Bytes } from '../core/host'
import { messageOf, Problem } from '../core/problem'
import { breathe } from './meter'
import { codecsFor } from './parquetCodecs'
import { Damage } from './damage'
import { Excess, guarded, readFooter } from './parquetGuard'

/** An opened Parquet file: its footer is read, its rows are not. */
export interface ParquetFile {
  /** What messages call it: `data/cifar10/train.parquet`. */
  readonly name: string
  readonly rows: number
  readonly columns: readonly ParquetColumn[]
  /** Compressed bytes of the row groups that hold the first `rows` rows of these columns. */
  bytesOf(columns: readonly string[], rows: number): number
  /** Class names that Hugging Face stores for a label column, null where there are none. */
  classNames(column: string): readonly string[] | null
  /**
   * First rows in order, some row groups at a time; reads no byte of any other row group. @throws Problem when damaged
   */
  read(columns: readonly string[], rows: number, signal: AbortSignal): AsyncGenerator<readonly Row[]>
}

/** A top-level column. */
export interface ParquetColumn {
  readonly name: string
  /** Names of a struct's fields. */
  readonly fields: readonly string[]
  /** Whether a row holds any number of values. */
  readonly isList: boolean
}

export type Row = Readonly<Record<string, unknown>>

/** Row groups are read in spans of about this many bytes and rows, so that small ones share requests. */
const spanBytes = 4 << 20
const spanRows = 1 << 16

const damagedFix = 'Download the file again; it is cut off or damaged.'

const writeAgain = 'Save it again with the usual settings of pandas or Hugging Face, or as CSV.'

/** Opens a Parquet file by its footer. @throws Problem when it is cut off or no Parquet file */
export async function openParquet(name: string, file: Bytes): Promise<ParquetFile> {
  await checkMarks(name, file)
  // Libraries load when a file is opened, because the page imports data sets for their knobs alone.
  const { parquetSchema } = await import('hyparquet')
  const [metadata, tree] = await unharmed(`${name} (${size(file)}) cannot be opened`, async () => {
    const footer = await readFooter(file)
    return [footer, parquetSchema(footer)] as const
  })
  checkOffsets(name, file, metadata)
  const columns = tree.children.map(columnOf)
  return {
    name,
    columns,
    rows: Number(metadata.num_rows),
    bytesOf: (wanted, rows) => groupsOf(metadata, wanted, rows).reduce((sum, group) => sum + group.bytes, 0),
    classNames: (column) => classNames(metadata, column),
    read: (wanted, rows, signal) => readSpans(name, file, metadata, wanted, rows, signal),
  }
}

function columnOf({ element, children }: SchemaTree): ParquetColumn {
  const isList = [element, ...children.map((child) => child.element)].some(
    (part) => part.repetition_type === 'REPEATED',
  )
  return { name: element.name, fields: children.map((child) => child.element.name), isList }
}

async function checkMarks(name: string, file: Bytes): Promise<void> {
  const mark = async (start: number) =>
    new TextDecoder('latin1').decode(await file.slice(Math.max(0, start), start + 4))
  const starts = (await mark(0)) === 'PAR1'
  if (starts && file.byteLength >= 12 && (await mark(file.byteLength - 4)) === 'PAR1') return
  throw starts
    ? new Problem(`${name} (${size(file)}) starts as a Parquet file but does not end as one.`, damagedFix)
    : new Problem(
        `${name} (${size(file)}) is no Parquet file: it does not start with PAR1.`,
        'Give a Parquet file in its place.',
      )
}

function checkOffsets(name: string, file: Bytes, metadata: FileMetaData): void {
  const footer = file.byteLength - metadata.metadata_length - 8
  for (const { column, startByte, endByte } of metadata.row_groups.flatMap((group) => group.columns.map(placeOf))) {
    if (startByte >= 0 && endByte <= footer) continue
    throw new Problem(
      `${name} (${size(file)}) should have column ${column} at bytes ${startByte} to ${endByte}; `
        + `its footer starts at ${footer}.`,
      damagedFix,
    )
  }
}

function placeOf({ meta_data: meta }: FileMetaData['row_groups'][number]['columns'][number]) {
  if (!meta) return { column: '', path: '', codec: '', startByte: 0, endByte: 0, bytes: 0 }
  const startByte = Number(meta.dictionary_page_offset || meta.data_page_offset)
  const bytes = Number(meta.total_compressed_size)
  return {
    column: meta.path_in_schema.join('.'),
    path: meta.path_in_schema[0] ?? '',
    codec: meta.codec,
    startByte,
    endByte: startByte + bytes,
    bytes,
  }
}

/** Row groups that hold rows [0, rows), with the bytes of the wanted columns in them. */
function groupsOf(metadata: FileMetaData, columns: readonly string[], rows: number) {
  let rowStart = 0
  const groups = metadata.row_groups.map((group) => {
    const places = group.columns.map(placeOf).filter((place) => columns.includes(place.path))
    const rowEnd = rowStart + Number(group.num_rows)
    const found = {
      rowStart,
      rowEnd,
      bytes: places.reduce((sum, place) => sum + place.bytes, 0),
      codecs: places.map((place) => place.codec),
    }
    rowStart = rowEnd
    return found
  })
  return groups.filter((group) => group.rowStart < rows)
}

async function* readSpans(
  name: string,
  file: Bytes,
  metadata: FileMetaData,
  columns: readonly string[],
  rows: number,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  const { parquetReadObjects } = await import('hyparquet')
  const groups = groupsOf(metadata, columns, rows)
  const compressors = await codecsFor(name, new Set(groups.flatMap((group) => group.codecs)))
  const checked = await unharmed(`${name} cannot be read`, () => guarded(file, metadata, columns, compressors))
  for (let i = 0; i < groups.length;) {
    await breathe(signal)
    const rowStart = groups[i]?.rowStart ?? 0
    let rowEnd = rowStart
    for (let bytes = 0; i < groups.length; i++) {
      const group = groups[i]
      const isMore = rowEnd > rowStart
      if (!group || (isMore && (bytes + group.bytes > spanBytes || group.rowEnd - rowStart > spanRows))) break
      bytes += group.bytes
      rowEnd = Math.min(rows, group.rowEnd)
    }
    if (rowEnd <= rowStart) continue
    const what = `Rows ${count(rowStart)} to ${count(rowEnd - 1)} of ${name} cannot be decoded`
    yield await unharmed(what, () =>
      parquetReadObjects({
        file: checked,
        metadata,
        columns: [...columns],
        rowStart,
        rowEnd,
        utf8: false,
        compressors,
      }),
    )
  }
}

function classNames(metadata: FileMetaData, column: string): readonly string[] | null {
  const text = metadata.key_value_metadata?.find((entry) => entry.key === 'huggingface')?.value
  try {
    const description: unknown = JSON.parse(text ?? '{}')
    const names = ['info', 'features', column, 'names'].reduce(field, description)
    return Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string') ? names : null
  } catch {
    // A file can be read without the description, so errors in it do not count.
    return null
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Row)[key] : undefined
}

/** Errors of the guard and of hyparquet as Problems; cancelling and the source's own Problems pass. */
async function unharmed<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof Problem || (error instanceof Error && error.name === 'AbortError')) throw error
    const fix = error instanceof Excess ? error.fix : damagedFix
    if (error instanceof Damage) throw new Problem(`${what}: ${error.message}.`, fix, { cause: error })
    const message = messageOf(error)
    // hyparquet says what it cannot read; where it has no name for it, the bytes are damaged.
    if (/^parquet .*(unsupported|unhandled|not supported)/.test(message) && !message.includes('undefined')) {
      throw new Problem(
        `${what}: it uses a part of Parquet that cannot be read here (${message.replace('parquet ', '')}).`,
        writeAgain,
        { cause: error },
      )
    }
    throw new Problem(`${what}: some of its bytes are damaged.`, damagedFix, { cause: error })
  }
}

function size(file: Bytes): string {
  return `${count(file.byteLength)} bytes`
}
