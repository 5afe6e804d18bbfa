import { method } from '../core/method'
import { maskless } from './axes'

/** No pruning: the baseline that every curve is compared with. */
export const dense = method({
  label: 'Dense',
  cite: 'The baseline',
  group: 'control',
  about: 'Keeps every weight. Its accuracy is the line that the others are measured against.',
  formula: 's_i = |w_i|,\\quad \\text{nothing is pruned}',
  shines: 'It is the reference: the same steps, the same weights at the start, the same order of examples.',
  fails: 'It says nothing about a smaller dense model, which may be the fairer rival of a pruned one.',
  knobs: {},
  ...maskless,
})
