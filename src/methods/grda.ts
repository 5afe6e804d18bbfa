import { number } from '../core/knob'
import { method } from '../core/method'
import { everyKnob, idle } from './axes'

/** At least this share of each group is kept, so that no matrix dies. */
const most = 0.995

/**
 * Directional pruning by generalised regularised dual averaging (docs/algorithms.md 2.23): gradients are summed in v,
 * and the weight is v after a soft threshold that grows with the number of steps. Sparsity emerges.
 */
export const grda = method({
  label: 'gRDA',
  cite: 'Chao et al., arXiv:2006.09358',
  group: 'during training',
  about:
    'An optimizer that prunes. It sums gradients and applies a soft threshold that grows slowly, along directions '
    + 'in which the loss is flat. The sparsity comes from c and mu. You cannot set it.',
  formula:
    'w_n = \\operatorname{sign}(v_n) \\max\\left(|v_n| - c\\,\\gamma^{1/2 + \\mu} n^{\\mu},\\, '
    + '0\\right),\\quad v_n = v_{n-1} - \\gamma g_n',
  shines:
    'It needs no mask and no schedule. Weights leave zero again when gradients insist. The map of scores shows |v| '
    + 'less the threshold, that is how far each weight is from zero, or from coming back.',
  fails: 'It is SGD, so transformers train slowly. You have to find the sparsity by trying values of c.',
  adapted:
    "Only prunable weights take part; the run's optimizer moves the others. Gradients are not clipped. At least "
    + '0.5 % of the weights stay.',
  knobs: {
    c: number('c', 0.02, [0, 1], { scale: 'linear', step: 0.001, help: 'How large the threshold is.' }),
    mu: number('mu', 0.51, [0.5, 1], { step: 0.01, help: 'How fast the threshold grows. It must be above one half.' }),
    factor: number('Rate factor', 100, [1, 10_000], {
      scale: 'log',
      help: "gRDA's learning rate, as a multiple of the run's, which suits AdamW.",
    }),
    every: everyKnob(10),
  },
  statistics: {
    names: ['v', 'threshold'],
    start: { v: { wgsl: 'x.w', js: (x) => x.w } },
    gather: {
      v: { wgsl: 'x.v - p.factor * x.rate * x.g', js: (x, p) => x.v - p.factor * x.rate * x.g },
      // The increment of n^mu, so that the learning rate may change on the way.
      threshold: {
        wgsl:
          'x.threshold + p.c * pow(p.factor * x.rate, 0.5 + p.mu) * (pow(x.age, p.mu) - select(pow(x.age - 1.0, '
          + 'p.mu), 0.0, x.age < 1.5))',
        js: (x, p) => x.threshold + p.c * (p.factor * x.rate) ** (0.5 + p.mu) * (x.age ** p.mu - (x.age - 1) ** p.mu),
      },
    },
  },
  step: {
    wgsl: 'sign(x.v) * max(abs(x.v) - x.threshold, 0.0)',
    js: (x) => Math.sign(x.v) * Math.max(Math.abs(x.v) - x.threshold, 0),
  },
  // Above 0 it is |w|; below, how far a weight is from coming back.
  score: { wgsl: 'abs(x.v) - x.threshold', js: (x) => Math.abs(x.v) - x.threshold },
  target: () => most,
  scope: () => 'layer',
  plan: (v, steps) => ({
    ...idle,
    nested: false,
    lastEvent: steps - 1,
    training: (t) => (t === steps - 1 || (t + 1) % v.every === 0 ? most : undefined),
    threshold: () => 0,
  }),
  pruned: () => 'free',
})
