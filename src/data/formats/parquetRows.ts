import { grouped } from '../../core/grouped'
import { Problem } from '../../core/problem'
import { columnList, openParquet, type ParquetFile, type Row } from '../parquet'
import type { Format, Raw } from './raw'

/** Names that data sets use for what a label belongs to. */
const imageColumns = ['img', 'image']
const textColumns = ['sentence', 'text', 'review', 'content']

/** Parquet in the shape of Hugging Face's image or text sets: a column of pictures or texts, and `label`. */
export const parquetRows: Format = async ({ name, bytes }, signal) => {
  const file = await openParquet(name, bytes)
  const has = (wanted: string) => file.columns.some((column) => column.name === wanted)
  const image = imageColumns.find(has)
  const text = textColumns.find(has)
  const input = image ?? text
  if (input === undefined || !has('label')) {
    const inputs = [...imageColumns, ...textColumns].map((column) => `"${column}"`).join(', ')
    return {
      unused: `${name} has the columns ${columnList(file)}, but not "label" beside one of ${inputs}`,
    }
  }
  return read(file, input, image !== undefined, signal)
}

async function* read(file: ParquetFile, input: string, image: boolean, signal: AbortSignal): AsyncGenerator<readonly Raw[]> {
  const names = file.classNames('label')
  let row = 0
  for await (const rows of file.read([input, 'label'], file.rows, signal)) {
    yield rows.map((values) =>
      example(values[input], labelText(values['label'], names, file.name, row), `row ${row++} of ${file.name}`, image),
    )
  }
}

function example(value: unknown, label: string, name: string, image: boolean): Raw {
  if (!image) {
    if (typeof value === 'string') return { task: 'text', label, text: value }
    if (value instanceof Uint8Array) return { task: 'text', label, text: new TextDecoder().decode(value) }
  } else {
    const bytes = value instanceof Uint8Array ? value : (value as Row | null)?.['bytes']
    if (bytes instanceof Uint8Array) return { task: 'image', label, name, encoded: () => Promise.resolve(bytes) }
  }
  throw new Problem(`${name} holds no ${image ? 'image bytes' : 'text'}.`, 'Remove the row, or give another file.')
}

/** Numbers become the class names that the file carries; without names they stay numbers. */
function labelText(value: unknown, names: readonly string[] | null, file: string, row: number): string {
  const label = typeof value === 'bigint' ? Number(value) : value
  if (typeof label === 'string' && label !== '') return label
  if (typeof label === 'number' && Number.isInteger(label) && label >= 0) return names?.[label] ?? String(label)
  if (typeof label === 'boolean') return String(label)
  throw new Problem(
    `Row ${grouped(row)} of ${file} has the label ${String(value)}.`,
    'Give a file whose rows all have labels; published test splits often have -1 instead.',
  )
}
