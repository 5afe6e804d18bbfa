import type { Examples, LoadOptions } from '../core/dataset'
import { count } from '../core/figures'
import type { Values } from '../core/knob'
import { Problem } from '../core/problem'
import type { Publication } from '../core/publication'
import { classNumber } from './classNumber'
import { meter, type Meter } from './meter'
import type { PublishedSplit } from './published'
import { textExamples, type textKnobs, type TextSet } from './texts'

type Asked = Values<typeof textKnobs> & { readonly train: number; readonly held: number; readonly revision: string }

/** The first rows of each split of a public text set; two columns beside that of the labels make pairs. */
export async function publishedTexts(publication: Publication, values: Asked, options: LoadOptions): Promise<Examples> {
  const counter = meter(options)
  const { openPublished } = await import('./published')
  const set = await openPublished(publication, values, options, counter)
  const read = (split: PublishedSplit) => readTexts(split, publication, counter)
  const [train, held] = [await read(set.train), await read(set.held)]
  counter.settle()
  const { classes } = set
  const { positive } = publication
  return textExamples({ train, held, classes, positive, source: set.source() }, values, options, counter)
}

async function readTexts(
  split: PublishedSplit,
  { columns, labels: labelColumn, classes, repository }: Publication,
  counter: Meter,
): Promise<TextSet> {
  const [first = '', second] = columns.filter((column) => column !== labelColumn)
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
