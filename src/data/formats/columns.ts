import { count } from '../../core/figures'
import { normalised } from '../../core/normalised'
import { paraphrase } from '../paraphrase'
import type { ChosenColumns, Unused } from './raw'

/** A message lists so many columns. */
const mostNumbered = 20

/** Names that data sets give to the columns of pictures, texts and labels; the first one that a file has is taken. */
const imageNames = ['img', 'image', 'picture', 'photo'] as const
const textNames = [
  'sentence',
  'text',
  'review',
  'content',
  'question',
  'tweet',
  'comment',
  'message',
  'body',
  'document',
  'headline',
  'title',
  'utterance',
  'phrase',
  'review_text',
  'comment_text',
  'tweet_text',
  'full_text',
  'clean_text',
] as const
/** Names of the columns of sentence pairs. */
interface PairNames {
  readonly names: readonly [first: string, second: string]
  /** A column of class numbers that goes with them, and the names of the classes, which no such file holds. */
  readonly numbers?: { readonly column: string; readonly classes: readonly string[] }
}
/** These are looked for where no column has a name of `textNames`. The second is MRPC's, in GLUE's own tables. */
const pairs: readonly PairNames[] = [
  { names: ['sentence1', 'sentence2'] },
  { names: ['#1_string', '#2_string'], numbers: { column: 'quality', classes: paraphrase.classes } },
  { names: ['premise', 'hypothesis'] },
  { names: ['question1', 'question2'] },
  { names: ['text1', 'text2'] },
]
const labelNames = [
  'label',
  'sentiment',
  'class',
  'category',
  'target',
  'labels',
  'polarity',
  'emotion',
  'intent',
  'topic',
  'rating',
  'stars',
  'fine_label',
  'airline_sentiment',
  'is_spam',
  'toxic',
  'quality',
  'is_duplicate',
  'gold_label',
] as const

/** Where a file keeps the texts (or pictures) and labels of its examples; -1 for what it lacks. */
export interface InputColumns {
  readonly text: number
  /** The second texts of pairs. */
  readonly second: number | undefined
  readonly label: number
  /** Names of the classes by the numbers in the file, where it is known that it has no names. */
  readonly classes: readonly string[] | null
}

/**
 * Finds the columns of examples: those that the user chose, else those with usual names. Texts come in pairs where only
 * pairs have usual names.
 */
export function inputColumns(
  columns: readonly string[],
  chosen: ChosenColumns = { textColumn: 0, labelColumn: 0 },
): InputColumns {
  const label = columnOf(columns, labelNames, chosen.labelColumn)
  const text = columnOf(columns, textNames, chosen.textColumn)
  const single = { text, second: undefined, label, classes: null }
  return text >= 0 || chosen.textColumn > 0 ? single : (pairIn(columns, label) ?? single)
}

function pairIn(columns: readonly string[], label: number): InputColumns | undefined {
  return pairs
    .map(({ names: [first, second], numbers }) => ({
      text: columnOf(columns, [first]),
      second: columnOf(columns, [second]),
      label,
      classes: numbers && columnOf(columns, [numbers.column]) === label ? numbers.classes : null,
    }))
    .find(({ text, second }) => text >= 0 && second >= 0 && second !== label)
}

/** Place of the column with the usual name of pictures; -1 where there is none. */
export function imageColumn(columns: readonly string[]): number {
  return columnOf(columns, imageNames)
}

/**
 * Place of the chosen column, else of the first wanted name among a file's columns (upper and lower case count the
 * same); -1 where there is none.
 *
 * @param chosen the n-th column, from 1; 0 to go by names
 */
function columnOf(columns: readonly string[], wanted: readonly string[], chosen = 0): number {
  if (chosen > 0) return chosen <= columns.length ? chosen - 1 : -1
  const names = columns.map(plainName)
  return wanted.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1
}

/** A label as a file holds it (text, bytes, number, true or false) as the name of a class; null for what is none. */
export function labelText(value: unknown): string | null {
  if (typeof value === 'string') return normalised(value, 'NFC').trim() || null
  if (value instanceof Uint8Array) return labelText(new TextDecoder().decode(value))
  if (typeof value === 'bigint' || typeof value === 'boolean' || Number.isFinite(value)) return String(value)
  return null
}

/** The class that a label means: its name, or where the file has no names but numbers, the name of that number. */
export function className(label: string, classes: readonly string[] | null): string {
  return classes?.[Number(label)] ?? label
}

/**
 * Why the columns of a file cannot be used, and how to choose others.
 *
 * @param lacking what follows where the names of the columns say nothing: `..., but not with a text`
 */
export function withoutColumns(
  file: string,
  columns: readonly string[],
  chosen: ChosenColumns,
  lacking: string,
): Unused {
  const { textColumn, labelColumn } = chosen
  const missing = [textColumn, labelColumn].find((column) => column > columns.length)
  const same = textColumn > 0 && textColumn === labelColumn
  const numbered = columns.slice(0, mostNumbered).map((name, i) => `${i + 1} ${name.slice(0, 40) || '(no name)'}`)
  const more = columns.length > mostNumbered ? `, ... ${count(columns.length)}` : ''
  return {
    unused:
      missing === undefined
        ? same
          ? `${file} cannot have its texts and its labels in one column, number ${textColumn}`
          : `${file} ${lacking}`
        : `${file} has ${count(columns.length)} columns, so that there is no column ${count(missing)}`,
    ...(columns.length > 1 && {
      fix:
        'Set "Text column" and "Label column" (data.textColumn, data.labelColumn) to the numbers of columns of '
        + `${file}: `
        + `${numbered.join(', ')}${more}.`,
    }),
  }
}

/** `"a", "b", "c"`: the columns of a file, for messages. */
export function columnList(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name.slice(0, 40)}"`)
  return `${shown.join(', ') || 'none'}${names.length > 8 ? `, and ${names.length - 8} more` : ''}`
}

function plainName(name: string): string {
  return normalised(name, 'NFC')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
}
