import { choice } from '../core/knob'
import { method } from '../core/method'
import { calibratedScopes } from '../core/scope'
import { calibrationKnobs, cutAfter, sparsityKnob } from './axes'
import { anywhere, patternKnobs, patternOf, patternSparsity } from './pattern'

/** |w| times the norm of its input over calibration data, compared within each output (docs/algorithms.md 2.29). */
export const wanda = method({
  label: 'Wanda',
  cite: 'Sun et al., arXiv:2306.11695',
  group: 'after training',
  about:
    'After training, keeps the weights whose product with the size of their input is largest, the same share for '
    + 'every output. No gradient, no update: only a few forward passes, block by block. Each block sees the pruned '
    + 'ones before it.',
  formula: 's_{ij} = |w_{ij}| \\cdot \\lVert X_i \\rVert_2',
  shines:
    'Trained transformers whose inputs differ much in size. At 50 % it stays close to SparseGPT at a fraction of '
    + 'its cost (perplexity 6.42 against 6.51 on LLaMA-2-7B, magnitude 14.89).',
  fails:
    'Above about 60 % without fine-tuning: what is left cannot replace what is gone. Every output keeps the same '
    + 'number of weights, whether it needs them or not.',
  adapted:
    'Counts of outputs differ by at most one weight, so that the total is exact. Where they adapt, alpha follows from '
    + 'the exact count of a matrix; the released code searches for it, to 0.1 %. N:M keeps its share rounded up in '
    + "a last group that is shorter. A global ranking sees the dense model's inputs. The classifier is not pruned. "
    + 'After a cut before the end, training goes on with the mask fixed.',
  knobs: {
    sparsity: { ...sparsityKnob(0.5), ...anywhere },
    ...patternKnobs,
    scope: choice(
      'Scope',
      'output',
      { ...calibratedScopes, adaptive: 'Per output, adaptive' },
      {
        help:
          'Which weights to compare: those of one output, of one matrix, or all. Adaptive: every output of a matrix '
          + 'gives up the same share alpha of its total, and so not the same number of weights.',
        ...anywhere,
      },
    ),
    ...calibrationKnobs,
  },
  score: { wgsl: 'abs(x.w) * x.input', js: (x) => Math.fround(Math.abs(x.w) * x.input) },
  target: patternSparsity,
  scope: (v) => (v.pattern === 'nm' || v.scope === 'adaptive' ? 'layer' : v.scope),
  granularity: patternOf,
  plan: (v, steps) =>
    cutAfter({ ...v, sparsity: patternSparsity(v) }, steps, {
      batches: v.batches,
      shares: v.pattern === 'any' && v.scope === 'adaptive',
    }),
})
