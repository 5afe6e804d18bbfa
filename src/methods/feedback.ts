import { method } from '../core/method'
import { everyKnob, gradual, scopeKnob, sparsityKnob, windowKnobs } from './axes'

/**
 * Dynamic pruning with feedback (docs/algorithms.md 2.12, reading L): a magnitude mask over weights that all go on
 * learning from the dense gradient of the masked model, so that a wrongly pruned one grows back.
 */
export const feedback = method({
  label: 'Dynamic pruning with feedback',
  cite: 'Lin et al., arXiv:2006.07253; also magnitude STE, Lee et al., arXiv:2304.14082',
  group: 'during training',
  about:
    'The mask keeps the largest |w|. Pruned weights keep their values and go on learning from the gradient of the '
    + 'sparse model. At the next mask change they compete again.',
  formula: 'w \\leftarrow w - \\gamma\\, \\nabla L(m \\odot w),\\quad m = \\operatorname{top}_K |w|',
  shines: 'Wrong cuts repair themselves. Strong on vision transformers.',
  fails: 'With AdamW even tiny gradients move pruned weights by full steps. Then the mask changes too much.',
  adapted:
    'It works with any optimizer of the run; the paper uses SGD with momentum. Masks change for the last time at '
    + 'End. What is cut by then stays cut, though its values go on learning.',
  knobs: { sparsity: sparsityKnob(), scope: scopeKnob(), ...windowKnobs, every: everyKnob(16) },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan: (v, steps) => ({ ...gradual(v, steps), nested: false }),
  pruned: () => 'through',
})
