import { count } from '../../core/figures'
import { Problem } from '../../core/problem'
import { className, columnList, inputColumns, labelText, withoutColumns, type InputColumns } from './columns'
import type { Format, Raw } from './raw'
import { recordParser, type TableRecord } from './records'
import { textChunks, type TextChunk } from './textFile'

/** What may separate columns; of two that fit equally well, the first is taken. */
const separators = ['\t', ',', ';', '|']
/** This line tells Excel the separator. */
const separatorLine = /^"?sep=(.)"?(?=\s)/i

/**
 * Tables with a header, separated by commas, semicolons, tabs or bars (`recordParser`). Files may be larger than
 * memory.
 */
export const table: Format = async (file, { signal, columns: chosen }) => {
  const chunks = textChunks(file, signal)
  const batches = records(file.name, chunks)
  const first = await batches.next()
  const [header, ...head] = first.done ? [] : first.value
  const columns = header?.fields.map((name) => name.trim()) ?? []
  const input = inputColumns(columns, chosen)
  const { text, label } = input
  if (text < 0 || label < 0 || text === label) {
    await chunks.return(undefined)
    const lacking =
      columns.length === 0
        ? 'is empty'
        : `starts with the columns ${columnList(columns)}, but not with a text column ("sentence" or "text") and `
          + '"label"'
    return withoutColumns(file.name, columns, chosen, lacking)
  }
  return examples({ ...input, file: file.name, columns: columns.length }, head, batches)
}

/** The records of a table, a chunk's worth at a time; the first batch starts with the header. */
async function* records(name: string, chunks: AsyncIterable<TextChunk>): AsyncGenerator<TableRecord[], undefined> {
  let parse: ((text: string, last: boolean) => TableRecord[]) | undefined
  for await (const { text, last } of chunks) {
    const told = parse ? null : separatorLine.exec(text)
    parse ??= recordParser(name, told?.[1] ?? separatorOf(name, text))
    // The end of that line stays, so that line numbers are those of the file.
    const batch = parse(told ? text.slice(told[0].length) : text, last)
    if (batch.length > 0) yield batch
  }
  return undefined
}

/** Whether a text starts with a header that names a text and a label. */
export function namesColumns(text: string): boolean {
  return headers(text).some(isTelling)
}

/** The separator by which the header names a text and a label, else the one that it holds most often. */
function separatorOf(name: string, text: string): string {
  const splits = headers(text)
  const telling = splits.find(isTelling)
  if (telling) return telling.separator
  if (/\.tsv$/i.test(name)) return '\t'
  return splits.reduce((best, next) => (next.names.length > best.names.length ? next : best)).separator
}

interface Header {
  readonly separator: string
  readonly names: readonly string[]
}

/** The columns of the header, for each separator. */
function headers(text: string): Header[] {
  const line = /[^\s][^\n\r]*/.exec(text)?.[0] ?? ''
  return separators.map((separator) => ({ separator, names: line.split(separator).map(unquoted) }))
}

function isTelling({ names }: Header): boolean {
  const { text, label } = inputColumns(names)
  return text >= 0 && label >= 0
}

function unquoted(name: string): string {
  return name.trim().replace(/^"(.*)"$/, '$1')
}

interface Shape extends InputColumns {
  readonly file: string
  /** How many columns the header names. */
  readonly columns: number
}

async function* examples(
  shape: Shape,
  head: readonly TableRecord[],
  batches: AsyncIterable<readonly TableRecord[]>,
): AsyncGenerator<readonly Raw[]> {
  yield head.map((record) => example(shape, record))
  for await (const batch of batches) yield batch.map((record) => example(shape, record))
}

/** @throws Problem that names the line, for a record that has other fields than the header, or no label */
function example({ file, columns, text, second, label, classes }: Shape, { line, fields }: TableRecord): Raw {
  const [found, told] = [fields[text], labelText(fields[label])]
  const name = told === null ? null : className(told, classes)
  const other = second === undefined ? undefined : fields[second]
  const whole = found !== undefined && (second === undefined || other !== undefined)
  if (fields.length <= columns && whole && name !== null)
    return { task: 'text', text: found, label: name, ...(other === undefined ? {} : { second: other }) }
  const where = `Line ${count(line)} of ${file}`
  const many = fields.length === 1 ? '1 field' : `${fields.length} fields`
  if (fields.length > columns) {
    throw new Problem(
      `${where} has ${many}, but the header names ${columns} columns.`,
      'Put a text that holds the separator in double quotes.',
    )
  }
  if (!whole || fields[label] === undefined) {
    const texts =
      second === undefined
        ? `the text should be field ${text + 1}`
        : `the texts should be fields ${text + 1} and ${second + 1}`
    throw new Problem(
      `${where} has ${many}; ${texts} and the label field ${label + 1}.`,
      'Complete the line, or remove it.',
    )
  }
  throw new Problem(`${where}: the label is empty.`, 'Give the line a label, or remove it.')
}
