import { method } from '../core/method'
import { plainly } from '../core/weighing'
import { batchesKnob, roundsBefore, roundsKnob, scopeKnob, sparsityKnob } from './axes'

/**
 * FORCE (docs/algorithms.md 2.7): foresight connection sensitivity. As iterative SNIP, but weights cut in a round keep
 * their value and a gradient until the last round, so that they can come back: what counts is the sensitivity after
 * pruning.
 */
export const force = method({
  label: 'FORCE',
  cite: 'de Jorge et al., arXiv:2006.09081',
  group: 'before training',
  about:
    'Cuts in rounds by |w g|. The gradient g is measured on the sparse network, w is the initial weight, and pruned '
    + 'weights count too. A weight that would matter in the sparse network may come back.',
  formula: 's_i = |w_i\\, \\bar g_i(m \\odot w)| \\text{ for all } i',
  shines: 'Extreme sparsities before training.',
  fails: 'At moderate sparsity it does what SNIP does, but needs more batches.',
  knobs: { sparsity: sparsityKnob(), scope: scopeKnob(), rounds: roundsKnob(10), batches: batchesKnob(2) },
  score: { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) },
  weighing: () => ({
    discount: plainly,
    leavesOut:
      'Each round averages the gradient anew before it takes the size, so that opposite signs cancel. The chart '
      + 'averages sizes over all rounds.',
  }),
  plan: (v) => ({ ...roundsBefore(v), nested: false }),
})
