import { number, share } from '../core/knob'
import { method } from '../core/method'
import { calibrationKnobs, cutAfter, sparsityKnob } from './axes'

/** Wanda with a budget for each block, by how many of its scores stand out (docs/algorithms.md 2.35). */
export const owl = method({
  label: 'OWL',
  cite: 'Yin et al., arXiv:2310.05175',
  group: 'after training',
  about:
    "After training, counts in every block the scores of Wanda that are many times the block's mean. Blocks with more "
    + 'of these outliers keep more weights, the others fewer, and the total stays. Then each block is cut as by Wanda.',
  formula:
    's_{ij} = |w_{ij}| \\cdot \\lVert X_i \\rVert_2,\\quad d_b = d + r_b - \\bar r,\\quad r_b \\propto '
    + '\\tfrac{1}{n_b} \\#\\{s > M \\bar s_b\\}',
  shines: 'Sparsities at which one budget for all breaks some blocks: 70 % of a large language model.',
  fails: 'Few blocks of a small model, or blocks that are alike: then it is Wanda, with budgets that chance moved.',
  adapted:
    'Blocks of different sizes count by size, so that the total is exact, and the reach shrinks near 0 and 100 %. '
    + 'Outliers are counted in the dense model, in one pass before the cut; the classifier is not pruned.',
  knobs: {
    sparsity: sparsityKnob(0.7),
    ...calibrationKnobs,
    times: number('Outlier', 5, [1, 20], { step: 0.5, unit: 'means', help: 'From how many times the mean on.' }),
    reach: share('Reach', 0.08, [0, 0.5], {
      step: 0.01,
      help: 'The densities of blocks lie within twice this. 0: the same for all, as with Wanda.',
    }),
  },
  score: { wgsl: 'abs(x.w) * x.input', js: (x) => Math.fround(Math.abs(x.w) * x.input) },
  scope: () => 'output',
  plan: (v, steps) => cutAfter(v, steps, { batches: v.batches, outliers: { times: v.times, reach: v.reach } }),
})
