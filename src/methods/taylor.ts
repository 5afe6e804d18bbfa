import { method } from '../core/method'
import { batchesKnob, cutBefore, scopeKnob, sparsityKnob } from './axes'

/** First-order Taylor importance, (w g)^2 summed over batches (Molchanov et al., section 3.1), for single weights. */
export const taylor = method({
  label: 'Taylor',
  cite: 'Molchanov et al., arXiv:1906.10771',
  group: 'before training',
  about:
    'Before training, keeps the weights whose removal would change the loss of single batches most, to first order: '
    + '(w g)^2 summed over batches.',
  formula: 's_i = \\sum_b (w_i\\, g_{i,b})^2',
  shines: 'Unlike in SNIP, gradients of opposite sign do not cancel between batches.',
  fails: 'A first-order estimate says nothing about removing many weights at once.',
  adapted: 'The paper scores filters of trained networks. Here it scores single weights before training.',
  knobs: { sparsity: sparsityKnob(), scope: scopeKnob(), batches: batchesKnob(4) },
  statistics: {
    names: ['sum'],
    gather: { sum: { wgsl: 'x.sum + (x.w * x.g) * (x.w * x.g)', js: (x) => x.sum + Math.fround(x.w * x.g) ** 2 } },
  },
  score: { wgsl: 'x.sum', js: (x) => x.sum },
  // The mean of a square is the square of the mean times 1 + CV^2: noise counts for a weight.
  weighing: () => ({
    discount: (noise) => Math.hypot(1, noise),
    power: 2,
    leavesOut: 'Batches with a larger gradient count more in the score. In the chart all count alike.',
  }),
  plan: (v) => cutBefore(v.batches, v.sparsity),
})
