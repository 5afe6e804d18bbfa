import { number } from '../core/knob'
import { method } from '../core/method'
import { everyKnob, idle, shownDecay } from './axes'

/** At least this share of each group is kept, so that no matrix dies. */
const most = 0.995

/**
 * Directional pruning by generalised regularised dual averaging (docs/algorithms.md 2.23): gradients are summed in v, and the
 * weight is v behind a soft threshold that grows with the number of steps. Sparsity emerges.
 */
export const grda = method({
  label: 'gRDA',
  cite: 'Chao et al., arXiv:2006.09358',
  group: 'during training',
  about: 'An optimizer that prunes: weights are a sum of gradients behind a soft threshold that grows slowly, along directions in which the loss is flat. Sparsity is an outcome of c and mu, not a setting.',
  formula: 'w_n = \\operatorname{sign}(v_n) \\max\\left(|v_n| - c\\,\\gamma^{1/2 + \\mu} n^{\\mu},\\, 0\\right),\\quad v_n = v_{n-1} - \\gamma g_n',
  shines: 'No mask to keep, no schedule, and weights leave zero again when gradients insist.',
  fails: 'It is SGD: transformers train slowly with it, and the sparsity has to be found by trying c.',
  adapted: 'Only prunable weights take part, the others use the run\'s optimizer; gradients are not clipped; at least 0.5 % of the weights stay.',
  knobs: {
    c: number('c', 0.02, [0, 1], { scale: 'linear', step: 0.001, help: 'Size of the threshold.' }),
    mu: number('mu', 0.51, [0.5, 1], { step: 0.01, help: 'How fast the threshold grows; above one half.' }),
    factor: number('Rate factor', 100, [1, 10_000], { scale: 'log', help: 'gRDA\'s learning rate over the run\'s, which suits AdamW.' }),
    every: everyKnob(10),
  },
  statistics: {
    names: ['v', 'threshold'],
    start: { v: { wgsl: 'x.w', js: (x) => x.w } },
    gather: {
      v: { wgsl: 'x.v - p.factor * x.rate * x.g', js: (x, p) => x.v - p.factor * x.rate * x.g },
      // The increment of n^mu, so that the learning rate may change on the way.
      threshold: {
        wgsl: 'x.threshold + p.c * pow(p.factor * x.rate, 0.5 + p.mu) * (pow(x.age, p.mu) - select(pow(x.age - 1.0, p.mu), 0.0, x.age < 1.5))',
        js: (x, p) => x.threshold + p.c * (p.factor * x.rate) ** (0.5 + p.mu) * (x.age ** p.mu - (x.age - 1) ** p.mu),
      },
    },
  },
  step: {
    wgsl: 'sign(x.v) * max(abs(x.v) - x.threshold, 0.0)',
    js: (x) => Math.sign(x.v) * Math.max(Math.abs(x.v) - x.threshold, 0),
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  target: () => most,
  scope: () => 'layer',
  plan: (v, steps) => ({
    ...idle,
    nested: false,
    lastEvent: steps - 1,
    training: (t) => (t === steps - 1 || (t + 1) % v.every === 0 ? most : undefined),
    threshold: () => 0,
  }),
  noiseDecay: () => shownDecay,
  pruned: () => 'free',
})
