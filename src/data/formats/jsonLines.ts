import { isRecord } from '../../core/isRecord'
import { count } from '../../core/figures'
import type { NamedFile } from '../../core/host'
import { Problem } from '../../core/problem'
import { className, columnList, inputColumns, labelText, withoutColumns } from './columns'
import type { Format, Raw } from './raw'
import { textChunks } from './textFile'

/** A line of a file, counted from 1. */
interface Line {
  readonly at: number
  readonly text: string
}

/** Under which keys the objects of a file hold their examples. */
interface Keys {
  readonly text: string
  /** That of the second texts of pairs. */
  readonly second: string | undefined
  readonly label: string
  /** Names of the classes by the numbers in the file, where it is known that it has no names. */
  readonly classes: readonly string[] | null
}

/** JSON objects, one a line, each with a text, or two, and a label under the names that tables use. */
export const jsonLines: Format = async (file, { signal, columns }) => {
  const batches = lines(file, signal)
  const first = await batches.next()
  const head = first.done ? [] : first.value
  const keys = head[0] ? Object.keys(parsed(file.name, head[0])) : []
  const input = inputColumns(keys, columns)
  const [text, label] = [keys[input.text], keys[input.label]]
  if (text === undefined || label === undefined || text === label) {
    await batches.return(undefined)
    const lacking = `starts with the keys ${columnList(keys)}, but not with a text ("text") and "label"`
    return withoutColumns(file.name, keys, columns, lacking)
  }
  const second = input.second === undefined ? undefined : keys[input.second]
  return examples(file.name, { text, second, label, classes: input.classes }, head, batches)
}

async function* examples(
  name: string,
  keys: Keys,
  head: readonly Line[],
  batches: AsyncIterable<readonly Line[]>,
): AsyncGenerator<readonly Raw[]> {
  yield head.map((line) => example(name, keys, line))
  for await (const batch of batches) yield batch.map((line) => example(name, keys, line))
}

function example(name: string, { text, second, label, classes }: Keys, line: Line): Raw {
  const object = parsed(name, line)
  const told = labelText(object[label])
  const keys = second === undefined ? [text] : [text, second]
  const missing = keys.find((key) => typeof object[key] !== 'string')
  if (missing === undefined && told !== null) {
    const [found = '', other] = keys.map((key) => object[key] as string)
    const pair = other === undefined ? {} : { second: other }
    return { task: 'text', text: found, label: className(told, classes), ...pair }
  }
  const noLabel = Array.isArray(object[label]) ? 'a list as its label' : 'no label'
  throw new Problem(
    `Line ${count(line.at)} of ${name} has ${told === null ? noLabel : `no text under "${missing ?? ''}"`}.`,
    `Give every line ${keys.map((key) => `"${key}"`).join(', ')} and "${label}", `
      + `${second === undefined ? 'a text' : 'two texts'} and one class, or remove it.`,
  )
}

function parsed(name: string, line: Line): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line.text)
    if (isRecord(value)) return value
  } catch {
    // Reported below, like every other line that holds no object.
  }
  throw new Problem(
    `Line ${count(line.at)} of ${name} is no JSON object.`,
    'Give one object a line: {"text": "...", "label": "..."}.',
  )
}

/** A longer line is no example: most likely the file is one JSON text. */
const longestLine = 8_000_000

/**
 * The lines that are not blank, a chunk's worth at a time. @throws Problem that names a line of more than 8 million
 * characters
 */
async function* lines(file: NamedFile, signal: AbortSignal): AsyncGenerator<Line[], undefined> {
  let rest = ''
  let lineCount = 0
  for await (const { text, last } of textChunks(file, signal)) {
    const found = (rest + text).split('\n')
    rest = last ? '' : (found.pop() ?? '')
    const tooLong = [...found, rest].findIndex((line) => line.length > longestLine)
    if (tooLong >= 0) {
      throw new Problem(
        `Line ${count(lineCount + tooLong + 1)} of ${file.name} has more than ${count(longestLine)} characters.`,
        'Give one object a line: {"text": "...", "label": "..."}.',
      )
    }
    const batch = found
      .map((line, i) => ({ at: lineCount + i + 1, text: line }))
      .filter((line) => line.text.trim() !== '')
    lineCount += found.length
    if (batch.length > 0) yield batch
  }
  return undefined
}
