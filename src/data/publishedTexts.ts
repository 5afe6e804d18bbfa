import type { Examples, LoadOptions } from '../core/dataset'
import { count } from '../core/figures'
import type { Values } from '../core/knob'
import { Problem } from '../core/problem'
import { classNumber } from './classNumber'
import { meter, type Meter } from './meter'
import type { PublishedSplit } from './published'
import type { Publication } from './source'
import { textExamples, type textKnobs, type TextSet } from './texts'

type Asked = Values<typeof textKnobs> & { readonly train: number; readonly held: number; readonly revision: string }

/**
 * The first rows of each split of a public text set.
 *
 * @param columns that of the sentences; for pairs that of the first and that of the second ones
 */
export async function publishedTexts(
  publication: Publication,
  columns: readonly [first: string, second?: string],
  values: Asked,
  options: LoadOptions,
): Promise<Examples> {
  const counter = meter(options)
  const { openPublished } = await import('./published')
  const set = await openPublished(publication, values, options, counter)
  const read = (split: PublishedSplit) => readTexts(split, publication, columns, counter)
  const [train, held] = [await read(set.train), await read(set.held)]
  counter.settle()
  const { classes } = set
  const { positive } = publication
  return textExamples({ train, held, classes, positive, source: set.source() }, values, options, counter)
}

async function readTexts(
  split: PublishedSplit,
  { labels: labelColumn, classes, repository }: Publication,
  [first, second]: readonly [string, string?],
  counter: Meter,
): Promise<TextSet> {
  const texts: string[] = []
  const seconds: string[] = []
  const labels = new Uint8Array(split.count)
  counter.say(`Reading ${split.name}`)
  for await (const rows of split.read()) {
    for (const row of rows) {
      const at = texts.length
      const sentence = (column: string) => sentenceText(row[column], split.name, at, repository)
      labels[at] = classNumber(row[labelColumn], classes.length, split.name, at)
      texts.push(sentence(first))
      if (second !== undefined) seconds.push(sentence(second))
    }
    counter.done({ rows: rows.length })
  }
  return { texts, labels, ...(second === undefined ? {} : { seconds }) }
}

function sentenceText(sentence: unknown, file: string, row: number, repository: string): string {
  // A column without the annotation "string" arrives as bytes.
  if (sentence instanceof Uint8Array) return new TextDecoder().decode(sentence)
  if (typeof sentence === 'string') return sentence
  throw new Problem(`Row ${count(row)} of ${file} holds no sentence.`, `Use the file of ${repository} on Hugging Face.`)
}
