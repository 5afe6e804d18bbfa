import { isRecord } from '../../core/isRecord'
import { count } from '../../core/figures'
import type { NamedFile } from '../../core/host'
import { Problem } from '../../core/problem'
import { columnList, columnOf, labelNames, labelText, textNames, withoutColumns } from './columns'
import type { Format, Raw } from './raw'
import { textChunks } from './textFile'

/** A line of a file, counted from 1. */
interface Line {
  readonly at: number
  readonly text: string
}

/** JSON objects, one a line, each with a text and a label under the names that tables use. */
export const jsonLines: Format = async (file, { signal, columns }) => {
  const batches = lines(file, signal)
  const first = await batches.next()
  const head = first.done ? [] : first.value
  const keys = head[0] ? Object.keys(parsed(file.name, head[0])) : []
  const [text, label] = [
    keys[columnOf(keys, textNames, columns.textColumn)],
    keys[columnOf(keys, labelNames, columns.labelColumn)],
  ]
  if (text === undefined || label === undefined || text === label) {
    await batches.return(undefined)
    const lacking = `starts with the keys ${columnList(keys)}, but not with a text ("text") and "label"`
    return withoutColumns(file.name, keys, columns, lacking)
  }
  return examples(file.name, text, label, head, batches)
}

async function* examples(
  name: string,
  text: string,
  label: string,
  head: readonly Line[],
  batches: AsyncIterable<readonly Line[]>,
): AsyncGenerator<readonly Raw[]> {
  yield head.map((line) => example(name, text, label, line))
  for await (const batch of batches) yield batch.map((line) => example(name, text, label, line))
}

function example(name: string, text: string, label: string, line: Line): Raw {
  const object = parsed(name, line)
  const [found, labelled] = [object[text], labelText(object[label])]
  if (typeof found === 'string' && labelled !== null) return { task: 'text', text: found, label: labelled }
  const lacking = labelled === null ? (Array.isArray(object[label]) ? 'a list as its label' : 'no label') : 'no text'
  throw new Problem(
    `Line ${count(line.at)} of ${name} has ${lacking}.`,
    `Give every line "${text}" and "${label}", a text and one class, or remove it.`,
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
