import { dataset } from '../core/dataset'
import { gluePairs, pairKnobs } from './glue'
import { publishedTexts } from './publishedTexts'

/** RTE in Hugging Face's layout. */
export const rteFiles = gluePairs('rte', 'RTE', ['entailment', 'not_entailment'])

/** Pairs of which the first text implies the second, or does not; the first rows of each split. */
export const rte = dataset({
  label: 'RTE',
  cite: 'Dagan et al., The PASCAL Recognising Textual Entailment Challenge, 2006; as in GLUE, arXiv:1804.07461, 2018',
  task: 'text',
  publication: rteFiles,
  knobs: pairKnobs(2490, 277),
  download: ({ train, held }) => 236 * (train + held),
  load: (values, options) => publishedTexts(rteFiles, values, options),
})
