import { count } from '../core/figures'
import { integer } from '../core/knob'
import type { Publication } from '../core/publication'
import { huggingFace, revisionKnob } from './source'
import { textKnobs } from './texts'

const repository = 'nyu-mll/glue'

/** A set of sentence pairs of GLUE (Wang et al., arXiv:1804.07461) in Hugging Face's layout. */
export function gluePairs(id: string, label: string, classes: readonly string[]): Publication {
  const place = (split: string) => ({
    path: `data/${id}/${split}.parquet`,
    url: huggingFace(repository, `${id}/${split}-00000-of-00001.parquet`),
  })
  return {
    label,
    repository,
    train: place('train'),
    held: place('validation'),
    columns: ['sentence1', 'sentence2', 'label'],
    labels: 'label',
    classes,
    rows: 'sentence pairs',
  }
}

/** Settings of such a set. @param train how many training pairs there are @param held how many validation pairs */
export function pairKnobs(train: number, held: number) {
  return {
    train: integer('Training pairs', train, [100, train], {
      scale: 'log',
      unit: 'pairs',
      help: `The first so many of ${count(train)}.`,
    }),
    held: integer('Validation pairs', held, [100, held], {
      unit: 'pairs',
      help: `The first so many of ${count(held)}, never trained on.`,
    }),
    vocabulary: textKnobs.vocabulary,
    length: integer('Length', 64, [8, 128], {
      unit: 'tokens',
      help: 'Tokens a pair, [CLS] and two [SEP] included; of more, the longer sentence is cut.',
    }),
    revision: revisionKnob,
  } as const
}
