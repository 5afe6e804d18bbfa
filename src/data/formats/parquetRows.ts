import { count } from '../../core/figures'
import { Problem } from '../../core/problem'
import { openParquet, type ParquetFile, type Row } from '../parquet'
import { columnList, columnOf, imageNames, labelNames, labelText, textNames, withoutColumns } from './columns'
import type { Format, Raw } from './raw'

/** Parquet in the shape of Hugging Face's sets: a column of pictures or texts, and one of labels. */
export const parquetRows: Format = async ({ name, bytes }, { signal, columns: chosen }) => {
  const file = await openParquet(name, bytes)
  const names = file.columns.map((column) => column.name)
  const byName = columnOf(names, imageNames)
  const input =
    file.columns[byName >= 0 && chosen.textColumn === 0 ? byName : columnOf(names, textNames, chosen.textColumn)]
  const label = file.columns[columnOf(names, labelNames, chosen.labelColumn)]
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
  const isImage = columnOf([input.name], imageNames) === 0 || input.fields.includes('bytes')
  return read(file, { input: input.name, label: label.name, isImage }, signal)
}

interface Columns {
  readonly input: string
  readonly label: string
  readonly isImage: boolean
}

async function* read(file: ParquetFile, columns: Columns, signal: AbortSignal): AsyncGenerator<readonly Raw[]> {
  const { input, label, isImage } = columns
  const classOf = labelReader(file.name, file.classNames(label))
  let row = 0
  for await (const rows of file.read([input, label], file.rows, signal)) {
    const textFrom = textReader()
    yield rows.map((values) => {
      const value = isImage ? values[input] : textFrom(values[input])
      return example(value, classOf(values[label], row), `row ${row++} of ${file.name}`, isImage)
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

function example(value: unknown, label: string, name: string, image: boolean): Raw {
  if (!image) {
    if (typeof value === 'string') return { task: 'text', label, text: value }
  } else {
    const bytes = value instanceof Uint8Array ? value : (value as Row | null)?.['bytes']
    if (bytes instanceof Uint8Array) return { task: 'image', label, name, encoded: () => Promise.resolve(bytes) }
  }
  throw new Problem(`${name} holds no ${image ? 'image bytes' : 'text'}.`, 'Remove the row, or give another file.')
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
