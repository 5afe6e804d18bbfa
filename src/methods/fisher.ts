import { flag } from '../core/knob'
import { method } from '../core/method'
import { batchesKnob, cutBefore, scopeKnob, sparsityKnob } from './axes'

/**
 * The diagonal of the empirical Fisher matrix, E[g^2] over batches, as it is or times w^2, the loss of removing a
 * weight when the Hessian is that diagonal (optimal brain damage; docs/algorithms.md 2.4).
 */
export const fisher = method({
  label: 'Fisher',
  cite: 'LeCun et al. 1990 (optimal brain damage); Theis et al., arXiv:1801.05787',
  group: 'before training',
  about:
    'Before training, keeps the weights with the largest w^2 E[g^2]. This is the loss of removing a weight if the '
    + 'squared gradient is the curvature. Without w^2 it is the Fisher information alone.',
  formula: 's_i = w_i^2\\, \\mathbb{E}_b[g_{i,b}^2]',
  shines: 'The curvature costs no more than gradients.',
  fails: 'The squared gradients of batches are a rough estimate of the Hessian, most of all far from a minimum.',
  adapted: 'Squares of batch gradients, not of single examples.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    batches: batchesKnob(16),
    weighted: flag('Times w squared', true, { help: 'Off: the Fisher information alone.' }),
  },
  statistics: {
    names: ['sum'],
    gather: { sum: { wgsl: 'x.sum + x.g * x.g', js: (x) => x.sum + Math.fround(x.g * x.g) } },
  },
  score: {
    wgsl: 'mix(1.0, x.w * x.w, p.weighted) * x.sum',
    js: (x, p) => (p.weighted ? Math.fround(x.w * x.w) : 1) * x.sum,
  },
  plan: (v) => cutBefore(v.batches, v.sparsity),
})
