import { share } from '../core/knob'
import { method } from '../core/method'
import type { UnitHook } from '../core/unitHook'
import { countOf, maskless } from './axes'

/**
 * The k strongest neurons of each token (docs/algorithms.md 2.27): no mask, but a choice that every token makes anew.
 */
export const strongestNeurons = method({
  label: 'Top-k neurons per token',
  cite: 'Ahmad & Scheinkman, arXiv:1903.11257 (k-WTA); Makhzani & Frey, arXiv:1312.5663',
  group: 'input-dependent',
  about:
    'Prunes nothing for good. In every MLP each token keeps the k neurons that answer it most strongly and sets the '
    + 'others to 0, in training and in evaluation. The next token may keep others. Only the kept ones get gradients.',
  formula: 'h \\leftarrow h \\cdot \\mathbf{1}\\bigl[\\operatorname{rank}(|h|) \\le k\\bigr]',
  shines:
    'A quarter of the neurons per token costs little accuracy, since different tokens use different ones. A static '
    + 'mask of that size has to choose for all.',
  fails:
    'All neurons have to be computed before they can be ranked. Only the second matrix saves work, and only on '
    + 'hardware that skips rows by token.',
  adapted:
    'It comes after GELU (the paper: in place of ReLU), ranks by size, and does not help neurons that seldom win. '
    + 'Of equal ones the first stays. Static measures of sparsity stay at 0. The report at the end says how many '
    + 'parameters take part per token.',
  knobs: {
    share: share('Active', 0.25, [0.01, 1], {
      step: 0.01,
      unit: 'of the neurons',
      help: 'How many neurons of a layer a token keeps, at least one.',
    }),
  },
  ...maskless,
  units: ({ share }): UnitHook => ({
    forward: (nn, x, { kind, count }) => (kind === 'neuron' ? nn.strongest(x, countOf(share, count)) : x),
    active: ({ kind, count }) => (kind === 'neuron' ? { leaves: countOf(share, count) / count } : {}),
  }),
})
