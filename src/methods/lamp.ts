import { method } from '../core/method'
import { lampCut } from '../maths/lampCut'
import { cutKnobs, cutting, everyKnob, sparsityKnob } from './axes'

/**
 * Magnitude whose layers are made comparable: w^2 over the squares of its layer that are no smaller (docs/algorithms.md
 * 0.6).
 */
export const lamp = method({
  label: 'LAMP',
  cite: 'Lee et al., arXiv:2010.07611',
  group: 'during training',
  about:
    "Magnitude pruning that finds each layer's sparsity by itself. A weight's score is its square, divided by the "
    + 'sum of all squares in its layer that are no smaller. All layers are ranked together. The largest weight of a '
    + 'layer has score 1, so no layer becomes empty.',
  formula: 's_i = \\frac{w_i^2}{\\sum_{j:\\, |w_j| \\ge |w_i|} w_j^2}',
  shines: 'Layers whose weights differ in scale, where global magnitude fails. Scaling a whole layer changes no score.',
  fails: 'Layers that are small but matter: it sees only weights.',
  adapted:
    'Weights of one size have the same score; in the released code the order of sorting decides. Cuts are made '
    + 'between steps, in doubles. Weights that were cut no longer count.',
  knobs: {
    sparsity: sparsityKnob(),
    ...cutKnobs,
    schedule: { ...cutKnobs.schedule, default: 'once' },
    every: { ...everyKnob(100), when: { knob: 'schedule', is: 'gradual' } },
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan: cutting,
  cut: lampCut,
})
