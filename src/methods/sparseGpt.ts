import { integer, share } from '../core/knob'
import { method } from '../core/method'
import { calibrationKnobs, cutAfter, sparsityKnob } from './axes'
import { anywhere, patternKnobs, patternOf, patternSparsity } from './pattern'

/**
 * Prunes by the error that the other weights of an output cannot make up for, and makes up for the rest
 * (docs/algorithms.md 2.30).
 */
export const sparseGpt = method({
  label: 'SparseGPT',
  cite: 'Frantar & Alistarh, arXiv:2301.00774',
  group: 'after training',
  about:
    'After training, prunes each matrix so that its outputs on calibration data change least. It goes through the '
    + 'inputs in order and zeroes the weights that cost least. The inputs that follow take over what those did.',
  formula:
    's_{ij} = \\frac{w_{ij}^2}{U_{ii}^2},\\quad U^\\top U = \\big(\\tfrac{2}{n} X^\\top X + \\lambda '
    + 'I\\big)^{-1},\\ n \\text{ examples}',
  shines:
    'No fine-tuning: the kept weights are repaired, so outputs of layers stay nearer to the dense ones than with '
    + 'any mask alone.',
  fails:
    'It needs one matrix inversion a layer and fits the calibration data. With few rows for wide layers it learns '
    + 'their noise. In layers of few inputs there is little left that could take over, and Wanda may lose less.',
  adapted:
    'Inputs are ranked in blocks of at most 128, all of a layer where it is narrower; '
    + 'with N:M each group when the first of its inputs is reached, a last one that is shorter keeps its share '
    + 'rounded up; all arithmetic is in doubles; the classifier is not pruned; after a cut before the end, '
    + 'training goes on with the mask fixed.',
  knobs: {
    sparsity: { ...sparsityKnob(0.5), ...anywhere },
    ...patternKnobs,
    ...calibrationKnobs,
    block: integer('Block', 128, [1, 4096], {
      unit: 'inputs',
      help: 'How many inputs are ranked together.',
      ...anywhere,
    }),
    damping: share('Damping', 0.01, [0.0001, 1], {
      step: 0.0001,
      help: "Share of the Hessian's mean diagonal that is added to it.",
    }),
  },
  score: {
    wgsl: '(x.w * x.w) / (x.input * x.input)',
    js: (x) => Math.fround(Math.fround(x.w * x.w) / Math.fround(x.input * x.input)),
  },
  target: patternSparsity,
  scope: () => 'layer',
  granularity: patternOf,
  plan: (v, steps) =>
    cutAfter({ ...v, sparsity: patternSparsity(v) }, steps, {
      batches: v.batches,
      repair: { damping: v.damping, block: v.block },
    }),
})
