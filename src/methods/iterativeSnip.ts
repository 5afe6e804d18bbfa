import { method } from '../core/method'
import { plainly } from '../core/weighing'
import { batchesKnob, roundsBefore, roundsKnob, scopeKnob, sparsityKnob } from './axes'

/**
 * Iterative SNIP (docs/algorithms.md 2.7): SNIP in rounds of exponentially falling density, each on the network that is
 * left.
 */
export const iterativeSnip = method({
  label: 'Iterative SNIP',
  cite: 'de Jorge et al., arXiv:2006.09081',
  group: 'before training',
  about:
    'SNIP in several rounds: cuts a few weights, measures again on the thinner network, and repeats. What is cut '
    + 'stays cut.',
  formula: 's_i = |w_i\\, \\bar g_i(m \\odot w)|,\\quad K_k = K_0 (1 - s)^{k / n}',
  shines: 'High sparsities, where one cut of SNIP can empty a layer.',
  fails: 'Early rounds decide on few batches and cannot be undone. FORCE can undo them.',
  knobs: { sparsity: sparsityKnob(), scope: scopeKnob(), rounds: roundsKnob(10), batches: batchesKnob(2) },
  score: { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) },
  weighing: () => ({
    discount: plainly,
    leavesOut:
      'Each round averages the gradient anew before it takes the size, so that opposite signs cancel. The chart '
      + 'averages sizes over all rounds.',
  }),
  plan: (v) => roundsBefore(v),
})
