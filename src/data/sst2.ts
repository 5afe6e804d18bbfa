import { dataset } from '../core/dataset'
import { count } from '../core/figures'
import { integer } from '../core/knob'
import { Problem } from '../core/problem'
import { classNumber } from './classNumber'
import { meter, type Meter } from './meter'
import type { PublishedSplit } from './published'
import { huggingFace, revisionKnob, type Publication } from './source'
import { textExamples, textKnobs, type TextSet } from './texts'

const repository = 'stanfordnlp/sst2'

/** SST-2 in Hugging Face's layout. */
export const sst2Files: Publication = {
  label: 'SST-2',
  repository,
  train: { path: 'data/sst2/train.parquet', url: huggingFace(repository, 'data/train-00000-of-00001.parquet') },
  held: {
    path: 'data/sst2/validation.parquet',
    url: huggingFace(repository, 'data/validation-00000-of-00001.parquet'),
  },
  columns: ['sentence', 'label'],
  labels: 'label',
  classes: ['negative', 'positive'],
  rows: 'sentences',
}

/** Phrases and sentences from film reviews, negative or positive; the first rows of each split. */
export const sst2 = dataset({
  label: 'SST-2',
  cite: 'Socher et al., Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank, EMNLP 2013',
  task: 'text',
  knobs: {
    train: integer('Training sentences', 67_349, [100, 67_349], {
      scale: 'log',
      unit: 'sentences',
      help: 'The first so many of 67,349; only these are fetched.',
    }),
    held: integer('Validation sentences', 872, [100, 872], {
      unit: 'sentences',
      help: 'The first so many of 872, never trained on.',
    }),
    ...textKnobs,
    revision: revisionKnob,
  },
  download: ({ train, held }) => 47 * (train + held),
  async load(values, options) {
    const counter = meter(options)
    const { openPublished } = await import('./published')
    const set = await openPublished(sst2Files, values, options, counter)
    const train = await readSentences(set.train, set.classes.length, counter)
    const held = await readSentences(set.held, set.classes.length, counter)
    counter.settle()
    return textExamples({ train, held, classes: set.classes, source: set.source() }, values, options, counter)
  },
})

async function readSentences(split: PublishedSplit, classes: number, counter: Meter): Promise<TextSet> {
  const texts: string[] = []
  const labels = new Uint8Array(split.count)
  counter.say(`Reading ${split.name}`)
  for await (const rows of split.read()) {
    for (const { sentence, label } of rows) {
      labels[texts.length] = classNumber(label, classes, split.name, texts.length)
      texts.push(sentenceText(sentence, split.name, texts.length))
    }
    counter.done({ rows: rows.length })
  }
  return { texts, labels }
}

function sentenceText(sentence: unknown, file: string, row: number): string {
  // A column without the annotation "string" arrives as bytes.
  if (sentence instanceof Uint8Array) return new TextDecoder().decode(sentence)
  if (typeof sentence === 'string') return sentence
  throw new Problem(`Row ${count(row)} of ${file} holds no sentence.`, `Use the file of ${repository} on Hugging Face.`)
}
