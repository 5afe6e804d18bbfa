import { dataset } from '../core/dataset'
import { integer } from '../core/knob'
import type { Publication } from '../core/publication'
import { publishedTexts } from './publishedTexts'
import { huggingFace, revisionKnob } from './source'
import { textKnobs } from './texts'

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
  publication: sst2Files,
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
  load: (values, options) => publishedTexts(sst2Files, values, options),
})
