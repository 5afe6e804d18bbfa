import { unitKinds } from '../core/granularity'
import { choice, flag } from '../core/knob'
import { method } from '../core/method'
import { cutKnobs, cutting, sparsityKnob } from './axes'

/**
 * Whole heads, neurons, rows, columns or blocks (docs/algorithms.md 2.3). The means of w g are gathered before the
 * optimizer step.
 */
export const structured = method({
  label: 'Structured',
  cite:
    'Michel et al., arXiv:1905.10650 (heads); Molchanov et al., arXiv:1906.10771; blocks: Lagunas et al., '
    + 'arXiv:2109.04838',
  group: 'structured',
  about:
    'Cuts whole parts of the model: attention heads, MLP neurons, or rows, columns or square blocks of its '
    + 'matrices. Ordinary hardware runs what is left faster. The sparsity is a share of units. With few units only '
    + 'some values are possible: of 16 heads, 0.8 leaves 3.',
  formula:
    's_G = \\frac{1}{|G|} \\sum_{i \\in G} w_i^2 \\quad\\text{or}\\quad \\frac{1}{|G|} \\Bigl|\\sum_{i \\in '
    + 'G_{\\text{out}}} \\overline{w_i\\, g_i}\\Bigr|',
  shines:
    'MLP neurons: cutting a moderate share costs little, and the matrices really become smaller. Many heads can go, '
    + 'too, if they go gradually.',
  fails:
    'At the same number of weights it loses more accuracy than pruning single weights. Single rows and columns '
    + 'inside attention cut through every head at once.',
  adapted:
    'Taylor is the gradient of a gate on the unit. It is computed from the weights by which the unit leaves (an '
    + 'identity) and averaged with its sign over recent batches at rate 0.1; Michel et al. average its size over '
    + 'examples. Magnitude is the mean square, not the norm, so units of different size can be compared. Units of one '
    + 'size are ranked together, and one of each layer stays. A cut head or neuron meets rows of zeros, so its biases '
    + 'have no effect. A cut column still puts out its bias.',
  knobs: {
    sparsity: { ...sparsityKnob(0.5), help: 'Share of the units that are cut at the end.' },
    unit: choice('Unit', 'neuron', unitKinds, { help: 'What is kept or cut whole.' }),
    side: choice(
      'Block side',
      '4',
      { 2: '2 x 2', 4: '4 x 4', 8: '8 x 8', 16: '16 x 16', 32: '32 x 32' },
      { help: 'Rows and columns of a block.', when: { knob: 'unit', is: 'block' } },
    ),
    taylor: flag('Taylor', false, {
      help: 'On: judges units by the gradient of a gate on them. Off: by the size of their weights.',
    }),
    scope: choice(
      'Scope',
      'global',
      { global: 'Global', layer: 'Per layer' },
      { help: 'All units of a size in one ranking, or one ranking in each layer.' },
    ),
    ...cutKnobs,
  },
  statistics: {
    names: ['gate'],
    gather: { gate: { wgsl: '0.9 * x.gate + 0.1 * x.w * x.g', js: (x) => 0.9 * x.gate + 0.1 * x.w * x.g } },
  },
  score: {
    wgsl: 'select(x.w * x.w, x.gate, p.taylor > 0.5)',
    js: (x, p) => (p.taylor ? x.gate : Math.fround(x.w * x.w)),
  },
  granularity: (v) => ({ kind: v.unit, score: v.taylor ? 'gate' : 'sum', side: Number(v.side) }),
  plan: cutting,
})
