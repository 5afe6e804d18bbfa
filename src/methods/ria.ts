import { choice, number } from '../core/knob'
import { method } from '../core/method'
import { calibratedScopes } from '../core/scope'
import { calibrationKnobs, cutAfter, sparsityKnob } from './axes'
import { anywhere, patternKnobs, patternOf, patternSparsity } from './pattern'

/** What a weight is of its output and of its input, times a power of the input's size (docs/algorithms.md 2.34). */
export const ria = method({
  label: 'RIA',
  cite: 'Zhang et al., Plug-and-Play, ICLR 2024',
  group: 'after training',
  about:
    'After training, asks what share a weight has of all weights of its output, and of all weights of its input, and '
    + "multiplies by the root of the input's size. So no input and no output loses all of its weights, which Wanda and "
    + 'magnitude allow. No gradient, no update.',
  formula:
    's_{ij} = \\Big(\\frac{|w_{ij}|}{\\sum_k |w_{kj}|} + \\frac{|w_{ij}|}{\\sum_k |w_{ik}|}\\Big) \\cdot '
    + '\\lVert X_i \\rVert_2^{\\,a}',
  shines:
    'As cheap as Wanda, and ahead of it where inputs or outputs are uneven (perplexity 9.34 against 10.82 on '
    + 'LLaMA-3-8B at 50 %, SparseGPT 9.40).',
  fails: 'Above about 60 % without fine-tuning, as all that repairs nothing. At 2:4 SparseGPT stays ahead of it.',
  adapted:
    'Counts are exact. Channels are not permuted for N:M, which the paper adds. Where two weights are relatively alike '
    + 'in different matrices, a global ranking takes them as equal. The classifier is not pruned.',
  knobs: {
    sparsity: { ...sparsityKnob(0.5), ...anywhere },
    ...patternKnobs,
    scope: choice('Scope', 'layer', calibratedScopes, {
      help: 'Which weights to compare: those of one output, of one matrix, or all.',
      ...anywhere,
    }),
    ...calibrationKnobs,
    power: number('Power', 0.5, [0, 2], {
      step: 0.05,
      help: "How much the input's size counts. 0: relative importance alone, without data.",
    }),
  },
  score: {
    wgsl: 'x.share * pow(abs(x.input), p.power)',
    js: (x, p) => Math.fround(x.share * Math.abs(x.input) ** p.power),
  },
  target: patternSparsity,
  scope: (v) => (v.pattern === 'nm' ? 'layer' : v.scope),
  granularity: patternOf,
  plan: (v, steps) => cutAfter({ ...v, sparsity: patternSparsity(v) }, steps, { batches: v.batches }),
})
