import { method } from '../core/method'
import { exchanging, sparseFromStart } from './axes'

/**
 * Sparse evolutionary training (docs/algorithms.md 2.14): sparse from the start; drops the smallest weights, grows at
 * random places.
 */
export const set = method({
  label: 'SET',
  cite: 'Mocanu et al., arXiv:1707.04780',
  group: 'during training',
  about:
    'Sparse from the first step, with a random mask (Erdos-Renyi). Every few steps the smallest weights of each '
    + 'layer give their places to new ones at random positions.',
  formula: '\\text{drop } \\zeta K \\text{ smallest } |w_i|,\\ \\text{grow } \\zeta K \\text{ at random}',
  shines: 'Never needs a dense model or dense gradients.',
  fails: 'It finds good places by luck. RigL looks at the gradient first.',
  adapted:
    'Drops by |w|, as the RigL code does too, instead of separately among positive and negative weights. The share '
    + 'is constant. SET reads no gradient of a pruned weight. But here gradients are computed and stored dense all '
    + 'the same, so no memory or time is saved.',
  ...sparseFromStart,
  grow: { wgsl: 'x.fresh', js: (x) => x.fresh },
  plan: (v, steps) => exchanging(v, steps, () => v.share),
})
