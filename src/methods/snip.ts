import { method } from '../core/method'
import { plainly } from '../core/weighing'
import { batchesKnob, cutBefore, scopeKnob, sparsityKnob } from './axes'

/**
 * Connection sensitivity |w g| at initialisation, g averaged over the scoring batches before the absolute value
 * (docs/algorithms.md 2.5).
 */
export const snip = method({
  label: 'SNIP',
  cite: 'Lee et al., arXiv:1810.02340',
  group: 'before training',
  about:
    'Before training, keeps the weights whose removal would change the loss most, to first order: |w g|. One cut, '
    + 'then training with a fixed mask.',
  formula: 's_i = \\Big| w_i \\cdot \\tfrac{1}{n} \\textstyle\\sum_{b=1}^{n} g_{i,b} \\Big|',
  shines: 'One pass over a few batches before training. Then everything trains with a mask that never changes.',
  fails:
    'It looks once, at weights that have learned nothing, and at few batches. At high sparsity it may empty a '
    + 'layer. Shuffling its mask within each layer costs little accuracy (Frankle et al., arXiv:2009.08576).',
  adapted:
    'Biases are not scored. Scores and training start from the same weights; the official code scores another draw '
    + 'of them.',
  knobs: { sparsity: sparsityKnob(), scope: scopeKnob(), batches: batchesKnob(4) },
  score: { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) },
  weighing: () => ({
    discount: plainly,
    leavesOut:
      'SNIP averages the gradient over its batches before it takes the size, so that opposite signs cancel. The chart '
      + 'averages sizes.',
  }),
  plan: (v) => cutBefore(v.batches, v.sparsity),
})
