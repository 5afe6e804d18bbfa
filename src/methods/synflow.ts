import { method } from '../core/method'
import { roundsBefore, roundsKnob, scopeKnob, sparsityKnob } from './axes'

/**
 * SynFlow (docs/algorithms.md 2.8): synaptic flow through a linear positive stand-in for the transformer, in rounds,
 * without data.
 */
export const synflow = method({
  label: 'SynFlow',
  cite: 'Tanaka et al., arXiv:2006.05467',
  group: 'before training',
  about:
    'Makes all weights positive and sends ones through the network. Then it cuts, in many rounds, the weights that '
    + 'carry least of what comes out. It looks at no data.',
  formula: 's_i = \\left| w_i\\, \\frac{\\partial R}{\\partial w_i} \\right|,\\quad R = \\sum_k f_{|w|}(\\mathbf{1})_k',
  shines: 'Extreme sparsities, where others cut the last path through a layer. And when there is no data yet.',
  fails:
    'It knows neither the task nor the data. In a BERT that starts small, residuals carry nearly all of the flow. '
    + 'There it may empty a whole attention at 99 %.',
  adapted:
    'It was made for networks of ReLU. Here the flow is linear: no biases, norms or activation functions, attention '
    + 'is the mean over tokens, residuals stay, and a word is the mean of all. Queries and keys have no part in that. '
    + 'Those of a head share the flow of its values, in proportion to a flow of their own, from ones through both.',
  knobs: { sparsity: sparsityKnob(), scope: scopeKnob(), rounds: roundsKnob(100) },
  score: { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) },
  plan: (v) => ({ ...roundsBefore({ ...v, batches: 1 }), probe: 'flow' }),
})
