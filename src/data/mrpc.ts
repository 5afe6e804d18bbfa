import { dataset } from '../core/dataset'
import { gluePairs, pairKnobs } from './glue'
import { paraphrase } from './paraphrase'
import { publishedTexts } from './publishedTexts'

/** MRPC in Hugging Face's layout. */
export const mrpcFiles = { ...gluePairs('mrpc', 'MRPC', paraphrase.classes), positive: paraphrase.positive }

/** Pairs of sentences from the news that mean the same, or do not; the first rows of each split. */
export const mrpc = dataset({
  label: 'MRPC',
  cite: 'Dolan & Brockett, Automatically Constructing a Corpus of Sentential Paraphrases, IWP 2005',
  task: 'text',
  publication: mrpcFiles,
  knobs: pairKnobs(3668, 408),
  download: ({ train, held }) => 178 * (train + held),
  load: (values, options) => publishedTexts(mrpcFiles, values, options),
})
