import { count } from '../../core/figures'
import { Problem } from '../../core/problem'

/**
 * One record of a table; a field in quotes may hold line ends, so `line`, counted from 1, is where the record starts.
 */
export interface TableRecord {
  readonly line: number
  readonly fields: readonly string[]
}

/** Takes text piece by piece and returns the records that are complete; `last` completes the one at the end. */
export type RecordParser = (text: string, last: boolean) => TableRecord[]

/** A longer record is no example: most likely a quote is never closed, or the file is no table. */
const longestRecord = 1_000_000

const oneLineEach = 'Give a table with one example a line.'
const doubled = 'Write a quote inside a quoted field as two (""), and close the field with one.'

/**
 * A parser of records: CSV with quotes as in RFC 4180, or (separated by tabs) GLUE's TSV, where quotes mean nothing.
 * Spaces around a quoted field are dropped. A field that goes on after its closing quote is taken as it stands, with
 * its quotes. Blank lines are ignored. Lines end with LF or CRLF, or with CR where the first one does.
 *
 * @throws Problem that names the line, for quotes that must be a mistake and for records of more than a million
 * characters
 */
export function recordParser(name: string, separator: string): RecordParser {
  const quotes = separator !== '\t'
  let rest = ''
  let line = 1
  let oldMac: boolean | undefined
  return (text, last) => {
    oldMac ??= /^[^\n\r]*\r[^\n]/.test(text)
    const all = rest + (oldMac ? text.replaceAll('\r', '\n') : text)
    const records: TableRecord[] = []
    let at = 0
    for (;;) {
      const place: Place = { name, text: all, start: at, line, separator, last }
      const found = quotes ? quotedRecord(place) : plainRecord(place)
      const length = (found?.next ?? all.length) - at
      if (length > longestRecord) throw tooLong(place, quotes)
      if (!found) break
      if (found.fields.some((field) => field.trim() !== '')) records.push({ line, fields: found.fields })
      line += lineEnds(all, at, found.next)
      at = found.next
    }
    rest = all.slice(at)
    return records
  }
}

/** Where a record starts, in a text that may not be complete yet. */
interface Place {
  readonly name: string
  readonly text: string
  readonly start: number
  readonly line: number
  readonly separator: string
  readonly last: boolean
}

interface Found {
  readonly fields: readonly string[]
  readonly next: number
}

function plainRecord({ text, start, separator, last }: Place): Found | null {
  const end = text.indexOf('\n', start)
  if (start >= text.length || (end < 0 && !last)) return null
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '')
  return { fields: line.split(separator), next: end < 0 ? text.length : end + 1 }
}

/** One record with quoted fields; null while its end is missing. */
function quotedRecord(place: Place): Found | null {
  const { text, start, separator, last } = place
  const line = plainRecord(place)
  // Most lines hold no quote; only those with one are read field by field.
  if (!line || !text.slice(start, line.next).includes('"')) return line
  const fields: string[] = []
  for (let at = start; ;) {
    const field = anyField(place, at)
    if (!field) return null
    fields.push(field.value)
    at = field.next
    if (at >= text.length) return last ? { fields, next: at } : null
    if (text[at] === separator) at++
    else return { fields, next: at + (text[at] === '\r' ? 2 : 1) }
  }
}

interface Field {
  readonly value: string
  readonly next: number
}

function anyField(place: Place, start: number): Field | null {
  const quote = afterSpaces(place.text, start)
  return place.text[quote] === '"' ? quotedField(place, quote) : bareField(place, start)
}

function bareField({ text, separator }: Place, start: number): Field {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end++
  const next = text[end] === '\n' && text[end - 1] === '\r' && end > start ? end - 1 : end
  return { value: text.slice(start, next), next }
}

/** A field in quotes, in which `""` means one quote; null while its end is missing. */
function quotedField(place: Place, start: number): Field | null {
  const { text, last } = place
  let quote = text.indexOf('"', start + 1)
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2)
  if (quote < 0 && last) throw unclosed(place, start)
  if (quote < 0) return null
  const next = afterSpaces(text, quote + 1)
  if (next >= text.length - 1 && !last) return null
  const value = text.slice(start + 1, quote)
  return endsField(place, next) ? { value: value.replaceAll('""', '"'), next } : goingOn(place, start, quote)
}

/**
 * A field that goes on after its closing quote was not meant as quoted, unless it holds what only a quoted field may.
 */
function goingOn(place: Place, start: number, quote: number): Field {
  const { name, text, separator } = place
  const inside = text.slice(start + 1, quote)
  if (/\\"/.test(text.slice(start + 1, quote + 1))) throw backslash(place, start)
  if (!inside.includes(separator) && !inside.includes('\n')) return bareField(place, start)
  const [opened, closed] = [lineOf(place, start), lineOf(place, quote)].map((n) => count(n))
  const where = opened === closed ? 'closes there' : `closes in line ${closed}`
  throw new Problem(
    `The quote that opens in line ${opened} of ${name} ${where}, and more text follows in the same field.`,
    doubled,
  )
}

function unclosed(place: Place, start: number): Problem {
  if (place.text.slice(start).includes('\\"')) return backslash(place, start)
  return new Problem(
    `The quote that opens in line ${count(lineOf(place, start))} of ${place.name} is never closed.`,
    doubled,
  )
}

function backslash(place: Place, start: number): Problem {
  const line = lineOf(place, place.text.indexOf('\\"', start))
  return new Problem(
    `Line ${count(line)} of ${place.name} writes a quote inside a quoted field as \\"; CSV writes it as "".`,
    'Replace every \\" by "".',
  )
}

function tooLong(place: Place, quotes: boolean): Problem {
  // Reads as if the text ended here: an open quote is then the cause.
  if (quotes) quotedRecord({ ...place, last: true })
  return new Problem(
    `Line ${count(place.line)} of ${place.name} has more than ${count(longestRecord)} characters.`,
    oneLineEach,
  )
}

function endsField({ text, separator }: Place, at: number): boolean {
  return at >= text.length || text[at] === separator || text[at] === '\n' || text.startsWith('\r\n', at)
}

function afterSpaces(text: string, start: number): number {
  let at = start
  while (text[at] === ' ' || text[at] === '\t') at++
  return at
}

function lineOf({ text, start, line }: Place, at: number): number {
  return line + lineEnds(text, start, at)
}

function lineEnds(text: string, start: number, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}
