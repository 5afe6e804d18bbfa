import { count } from '../../core/figures'
import { normalised } from '../../core/normalised'
import { paraphrase } from '../paraphrase'
import type { ChosenColumns, Unused } from './raw'

/** A message lists so many columns. */
const mostNumbered = 20

/** Names that data sets give to the columns of pictures, texts and labels; the first one that a file has is taken. */
export const imageNames = ['img', 'image', 'picture', 'photo'] as const
export const textNames = [
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
/** Columns of sentence pairs; they are looked for where no column has a name of `textNames`. The second is MRPC's. */
export const pairNames = [
  ['sentence1', 'sentence2'],
  ['#1_string', '#2_string'],
  ['premise', 'hypothesis'],
  ['question1', 'question2'],
  ['text1', 'text2'],
] as const
export const labelNames = [
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
] as const

/**
 * Place of the chosen column, else of the first wanted name among a file's columns (upper and lower case count the
 * same); -1 where there is none.
 *
 * @param chosen the n-th column, from 1; 0 to go by names
 */
export function columnOf(columns: readonly string[], wanted: readonly string[], chosen = 0): number {
  if (chosen > 0) return chosen <= columns.length ? chosen - 1 : -1
  const names = columns.map(plainName)
  return wanted.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1
}

/**
 * What the numbers of a label column mean where the table does not say: MRPC's "Quality" has 0 and 1 for the classes
 * that GLUE names.
 */
export function classNamesOf(label: string): readonly string[] | null {
  return plainName(label) === 'quality' ? paraphrase.classes : null
}

/** Places of the columns of pairs; null where there are none. */
export function pairOf(columns: readonly string[]): readonly [first: number, second: number] | null {
  const places = pairNames.map((names) => names.map((name) => columnOf(columns, [name])) as [number, number])
  return places.find((pair) => pair.every((at) => at >= 0)) ?? null
}

/** A label as a file holds it (text, bytes, number, true or false) as the name of a class; null for what is none. */
export function labelText(value: unknown): string | null {
  if (typeof value === 'string') return normalised(value, 'NFC').trim() || null
  if (value instanceof Uint8Array) return labelText(new TextDecoder().decode(value))
  if (typeof value === 'bigint' || typeof value === 'boolean' || Number.isFinite(value)) return String(value)
  return null
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

/** "a", "b" and "c": the columns of a file, for messages. */
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
