import { method } from '../core/method'
import { maskless } from './axes'

/** No pruning: the baseline that every curve is compared with. */
export const dense = method({
  label: 'Dense',
  cite: 'The baseline',
  group: 'control',
  about: 'Keeps every weight. Compare the others with its accuracy.',
  formula: 's_i = |w_i|,\\quad \\text{nothing is pruned}',
  shines: 'It is the reference: the same steps, the same weights at the start, the same order of examples.',
  fails: 'It does not tell how well a smaller dense model would do. That may be the fairer rival of a pruned one.',
  knobs: {},
  ...maskless,
})
