import { count } from '../../core/figures'
import { Problem } from '../../core/problem'
import { openParquet, type ParquetFile, type Row } from '../parquet'
import { columnList, imageColumn, inputColumns, labelText, withoutColumns } from './columns'
import type { Format, Raw } from './raw'

/** Parquet in the shape of Hugging Face's sets: a column of pictures or texts, or two of pairs, and one of labels. */
export const parquetRows: Format = async ({ name, bytes }, { signal, columns: chosen }) => {
  const file = await openParquet(name, bytes)
  const names = file.columns.map((column) => column.name)
  const found = inputColumns(names, chosen)
  const image = chosen.textColumn === 0 ? imageColumn(names) : -1
  const input = file.columns[image >= 0 ? image : found.text]
  const label = file.columns[found.label]
  if (!input || !label || input === label) {
    const lacking =
      `has the columns ${columnList(names)}, ` + 'but not "label" beside a picture ("image") or a text ("text")'
    return withoutColumns(name, names, chosen, lacking)
  }
  if (label.isList || label.fields.length > 0) {
    return {
      unused:
        `${name} has ${label.isList ? 'lists' : 'records'} in the column "${label.name}", `
        + 'where one class is needed',
    }
  }
  const isImage = imageColumn([input.name]) === 0 || input.fields.includes('bytes')
  const second = isImage || found.second === undefined ? undefined : names[found.second]
  const classes = file.classNames(label.name) ?? found.classes
  return read(file, { input: input.name, second, label: label.name, isImage, classes }, signal)
}

interface Columns {
  readonly input: string
  /** That of the second texts of pairs. */
  readonly second: string | undefined
  readonly label: string
  readonly isImage: boolean
  /** Names of the classes by number, where they are known. */
  readonly classes: readonly string[] | null
}

async function* read(file: ParquetFile, columns: Columns, signal: AbortSignal): AsyncGenerator<readonly Raw[]> {
  const { input, second, label, isImage, classes } = columns
  const classOf = labelReader(file.name, classes)
  const wanted = [input, label, ...(second === undefined ? [] : [second])]
  let row = 0
  for await (const rows of file.read(wanted, file.rows, signal)) {
    const textFrom = textReader()
    yield rows.map((values) => {
      const told = classOf(values[label], row)
      const name = `row ${row++} of ${file.name}`
      if (isImage) return picture(values[input], told, name)
      const text = textIn(textFrom(values[input]), name)
      const pair = second === undefined ? {} : { second: textIn(textFrom(values[second]), name) }
      return { task: 'text', label: told, text, ...pair }
    })
  }
}

/** Bytes as text. Rows may share bytes, those of a dictionary; then they share the text, too, however many they are. */
function textReader(): (value: unknown) => unknown {
  const decoder = new TextDecoder()
  const known = new Map<Uint8Array, string>()
  return (value) => {
    if (!(value instanceof Uint8Array)) return value
    const text = known.get(value) ?? decoder.decode(value)
    known.set(value, text)
    return text
  }
}

function textIn(value: unknown, row: string): string {
  if (typeof value === 'string') return value
  throw holdsNo('text', row)
}

function picture(value: unknown, label: string, name: string): Raw {
  const bytes = value instanceof Uint8Array ? value : (value as Row | null)?.['bytes']
  if (bytes instanceof Uint8Array) return { task: 'image', label, name, encoded: () => Promise.resolve(bytes) }
  throw holdsNo('image bytes', name)
}

function holdsNo(what: string, row: string): Problem {
  return new Problem(`${row} holds no ${what}.`, 'Remove the row, or give another file.')
}

/**
 * Reads labels in order. Numbers become the class names that the file holds; without names they stay numbers. Where
 * there are names, -1 means no label; then all rows must have -1, or none.
 */
function labelReader(file: string, names: readonly string[] | null): (value: unknown, row: number) => string {
  let [none, some] = [false, false]
  return (value, row) => {
    const label = labelText(value)
    const isNumber = typeof value === 'bigint' || typeof value === 'number'
    const name = names && isNumber ? names[Number(value)] : label
    if (names && label === '-1') none = true
    else some = true
    if (name !== null && name !== undefined && !(none && some)) return name
    if (none && !some) return '-1'
    const found = Array.isArray(value) ? 'a list as its label' : label === null ? 'no label' : `the label ${label}`
    throw new Problem(
      `Row ${count(row)} of ${file} has ${found}.`,
      'Give a file whose rows all have labels; published test splits have -1 instead.',
    )
  }
}
