import { number } from '../core/knob'
import { method } from '../core/method'
import { everyKnob, gradual, scopeKnob, sparsityKnob, windowKnobs } from './axes'

/**
 * A magnitude mask with a dense momentum (docs/algorithms.md 2.12, reading Z): pruned weights are zeroed at every step,
 * so at a mask change each competes with what one step of its velocity makes of it, and starts there if it is kept.
 */
export const dynamicMask = method({
  label: 'Dynamic mask with momentum',
  cite: 'after Lin et al., arXiv:2006.07253, with pruned weights zeroed at every step',
  group: 'during training',
  about:
    'After each step the mask keeps the largest weights. A pruned weight is 0 before the step, so only its own '
    + 'momentum step counts. If that is large enough the weight comes back, which is rare.',
  formula:
    "m' = \\operatorname{top}_K |w^*|,\\quad w \\leftarrow m' \\odot w^*,\\quad w^* = m \\odot w - \\gamma "
    + 'v,\\quad v \\leftarrow \\beta v + \\nabla L(m \\odot w)',
  shines:
    'Compare it with dynamic pruning with feedback: it shows what keeping the hidden values of pruned weights is '
    + 'worth.',
  fails: 'With small learning rates it is magnitude pruning: almost nothing grows back.',
  adapted: "The method keeps a momentum of the gradient of its own. The run's optimizer moves the kept weights.",
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    ...windowKnobs,
    every: everyKnob(16),
    beta: number('Momentum', 0.9, [0, 0.999], { help: 'How slowly the velocity of pruned weights forgets.' }),
  },
  statistics: {
    names: ['velocity'],
    gather: { velocity: { wgsl: 'p.beta * x.velocity + x.g', js: (x, p) => p.beta * x.velocity + x.g } },
  },
  candidate: {
    wgsl: 'select(-x.rate * x.velocity, x.w, x.kept > 0.5)',
    js: (x) => (x.kept > 0.5 ? x.w : -x.rate * x.velocity),
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan: (v, steps) => ({ ...gradual(v, steps), nested: false }),
})
