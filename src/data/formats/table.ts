import { grouped } from '../../core/grouped'
import type { NamedFile } from '../../core/host'
import { Problem } from '../../core/problem'
import { breathe } from '../meter'
import type { Format, Raw } from './raw'

const textColumns = ['sentence', 'text', 'review', 'content', 'question']
const labelColumns = ['label', 'sentiment', 'class', 'category', 'target']

const chunkBytes = 1 << 20
/** A longer field is no sentence: a quote that is never closed, or no table at all. */
const longestField = 100_000

/**
 * Tables with a header: CSV (quotes as in RFC 4180; comma or semicolon) and TSV (GLUE's: no quotes). Read in chunks of
 * 1 MiB, so a file may be larger than memory.
 */
export const table: Format = async (file, signal) => {
  const lines = records(file, signal)
  const first = await lines.next()
  const header = first.done ? [] : (first.value[0] ?? [])
  const names = header.map((name) => name.trim().toLowerCase())
  const text = textColumns.map((name) => names.indexOf(name)).find((at) => at >= 0)
  const label = labelColumns.map((name) => names.indexOf(name)).find((at) => at >= 0)
  if (text === undefined || label === undefined) {
    await lines.return(undefined)
    return {
      unused: `${file.name} starts with the columns ${
        names
          .slice(0, 8)
          .map((name) => `"${name.slice(0, 40)}"`)
          .join(', ') || 'none'
      }, but not with a text column ("sentence" or "text") and "label"`,
    }
  }
  return examples(file.name, first.done ? [] : first.value.slice(1), lines, text, label)
}

async function* examples(
  name: string,
  head: readonly string[][],
  lines: AsyncIterable<string[][]>,
  text: number,
  label: number,
): AsyncGenerator<readonly Raw[]> {
  let row = 1
  const toRaw = (fields: string[]): Raw => {
    row++
    const [found, labelled] = [fields[text], fields[label]?.trim()]
    if (found !== undefined && labelled) return { task: 'text', text: found, label: labelled }
    throw new Problem(
      `Line ${grouped(row)} of ${name} has ${fields.length} columns; text should be in ${text + 1}, label in ${label + 1}.`,
      'Complete or remove the line; in a CSV file put texts that hold commas in quotes.',
    )
  }
  yield head.map(toRaw)
  for await (const chunk of lines) yield chunk.map(toRaw)
}

/** The records of a table, a chunk's worth at a time; the first batch starts with the header. */
async function* records(file: NamedFile, signal: AbortSignal): AsyncGenerator<string[][], undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const total = file.bytes.byteLength
  let parser: Parser | null = null
  for (let start = 0; start < total; start += chunkBytes) {
    await breathe(signal)
    const bytes = await file.bytes.slice(start, Math.min(total, start + chunkBytes))
    const text = decode(decoder, bytes, start + chunkBytes < total, file.name, start)
    parser ??= recordParser(file.name, separatorOf(file.name, text))
    const batch = parser(text, start + chunkBytes >= total)
    if (batch.length > 0) yield batch
  }
  return undefined
}

function decode(decoder: TextDecoder, bytes: ArrayBuffer, stream: boolean, name: string, start: number): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch (error) {
    throw new Problem(
      `${name} is not UTF-8 text (somewhere in bytes ${grouped(start)} to ${grouped(start + bytes.byteLength)}).`,
      'Save it as UTF-8.',
      { cause: error },
    )
  }
}

function separatorOf(name: string, text: string): string {
  const header = text.slice(0, text.indexOf('\n') >>> 0)
  if (/\.tsv$/i.test(name) || header.includes('\t')) return '\t'
  return header.split(';').length > header.split(',').length ? ';' : ','
}

/** Takes text piece by piece and answers the records that are complete; `last` completes the one at the end. */
type Parser = (text: string, last: boolean) => string[][]

function recordParser(name: string, separator: string): Parser {
  const quotes = separator !== '\t'
  let rest = ''
  let count = 0
  return (text, last) => {
    const all = rest + text
    const done: string[][] = []
    let at = 0
    for (;;) {
      const found = quotes ? quotedRecord(all, at, separator, last) : plainRecord(all, at, separator, last)
      if (!found) break
      at = found.next
      if (found.fields.some((field) => field !== '')) done.push(found.fields)
    }
    rest = all.slice(at)
    count += done.length
    if (rest.length > longestField) {
      throw new Problem(
        `${name} has a line of more than ${grouped(longestField)} characters after line ${grouped(count)}.`,
        'Give a table with one example a line; in a CSV file, look for a quote that is never closed.',
      )
    }
    return done
  }
}

interface Found {
  readonly fields: string[]
  readonly next: number
}

function plainRecord(text: string, start: number, separator: string, last: boolean): Found | null {
  const end = text.indexOf('\n', start)
  if (start >= text.length || (end < 0 && !last)) return null
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '')
  return { fields: line.split(separator), next: end < 0 ? text.length : end + 1 }
}

/** One record with quoted fields; null while its end is not there yet. */
function quotedRecord(text: string, start: number, separator: string, last: boolean): Found | null {
  const line = plainRecord(text, start, separator, last)
  // Most lines hold no quote; only the others are read character by character.
  if (!line || !text.slice(start, line.next).includes('"')) return line
  const fields: string[] = []
  let at = start
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at, last) : bareField(text, at, separator)
    if (!field) return null
    fields.push(field.value)
    at = field.next
    if (at >= text.length) return last ? { fields, next: at } : null
    if (text[at] === separator) at++
    else return { fields, next: at + (text.startsWith('\r\n', at) ? 2 : 1) }
  }
}

interface Field {
  readonly value: string
  readonly next: number
}

function bareField(text: string, start: number, separator: string): Field {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end++
  const next = text[end] === '\n' && text[end - 1] === '\r' && end > start ? end - 1 : end
  return { value: text.slice(start, next), next }
}

/** A field in quotes, `""` standing for one; what follows the closing quote up to the next separator belongs to it. */
function quotedField(text: string, start: number, last: boolean): Field | null {
  let value = ''
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return last ? { value: value + text.slice(at), next: text.length } : null
    value += text.slice(at, quote)
    if (text[quote + 1] === '"') value += '"'
    else return quote + 1 >= text.length && !last ? null : { value, next: quote + 1 }
    at = quote + 2
  }
}
