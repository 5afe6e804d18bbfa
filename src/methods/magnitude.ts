import { method } from '../core/method'
import { cutKnobs, cutting, scopeKnob, sparsityKnob } from './axes'

/**
 * Keeps the largest |w|: in one cut after some training, or gradually on a cubic ramp (docs/algorithms.md 2.2 and
 * 2.15).
 */
export const magnitude = method({
  label: 'Magnitude',
  cite: 'Han et al., arXiv:1506.02626; gradual: Zhu & Gupta, arXiv:1710.01878',
  group: 'during training',
  about:
    'Keeps the weights with the largest absolute value. Hard to beat after some training, but it cannot see how '
    + 'much the loss depends on a weight.',
  formula: 's_i = |w_i|',
  shines:
    'Gradual pruning of weights that have learned something. It needs no gradient and matched far more expensive '
    + 'methods on large transformers (Gale et al., arXiv:1902.09574).',
  fails:
    'A global ranking empties layers whose weights are small. Fine-tuning a pre-trained model hardly changes '
    + 'magnitudes, so it prunes what pre-training left small.',
  adapted:
    'The ramp is the cubic one of Zhu and Gupta, over a window given in shares of the run. The scope is global '
    + 'unless you choose another. On transformers "Per layer" is the safe choice, since layers differ in scale.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    ...cutKnobs,
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan: cutting,
})
