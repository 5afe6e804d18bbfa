import { method } from '../core/method'
import { batchesKnob, cutBefore, scopeKnob, sparsityKnob } from './axes'

/** |gradient| at initialisation (docs/algorithms.md 2.4), summed batch by batch after the absolute value. */
export const gradient = method({
  label: 'Gradient magnitude',
  cite: 'a control of this playground: SNIP (Lee et al., arXiv:1810.02340) without the weight',
  group: 'before training',
  about:
    'Before training, keeps the weights with the largest |g|. It looks at where the loss pulls hardest and ignores '
    + 'how large the weight is.',
  formula: 's_i = \\sum_b |g_{i,b}|',
  shines: 'Keeps weights that are about to move a lot.',
  fails: 'A weight that matters much and has settled has a small gradient. It is cut.',
  adapted:
    'This is not the "gradient magnitude pruning" that Blalock et al. (arXiv:2003.03033) ask for as a baseline. In '
    + 'their ShrinkBench that is |w g|, global or by layer. Here that is SNIP, with batches averaged before the '
    + 'absolute value. This method sums |g| batch by batch.',
  knobs: { sparsity: sparsityKnob(), scope: scopeKnob(), batches: batchesKnob(4) },
  statistics: { names: ['sum'], gather: { sum: { wgsl: 'x.sum + abs(x.g)', js: (x) => x.sum + Math.abs(x.g) } } },
  score: { wgsl: 'x.sum', js: (x) => x.sum },
  plan: (v) => cutBefore(v.batches, v.sparsity),
})
