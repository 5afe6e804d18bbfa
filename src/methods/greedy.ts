import { maskWithout, type Cut, type CutView } from '../core/cut'
import { selectForward, unitProducts } from '../maths/imitation'
import { choice, integer, share, type Values } from '../core/knob'
import type { Placed } from '../core/layout'
import { method } from '../core/method'
import { RandomStream, streams } from '../core/random'
import type { Units } from '../core/units'
import { calibrationKnobs, cutAfter, sparsityKnob } from './axes'

const knobs = {
  sparsity: { ...sparsityKnob(0.5), help: 'Share of the units to leave out.' },
  unit: choice(
    'Unit',
    'neuron',
    { neuron: 'MLP neuron', head: 'Attention head' },
    { help: 'What is added to a layer that begins empty.' },
  ),
  ...calibrationKnobs,
  candidates: integer('Candidates', 50, [1, 4096], {
    unit: 'units',
    help: 'How many units, drawn by chance, to try at each step. All are tried where there are fewer.',
  }),
  tolerance: share('Tolerance', 0, [0, 1], {
    step: 0.001,
    help:
      'A layer is done when it loses no more than this share of its output (in squares). '
      + '0 goes on to the sparsity.',
  }),
}

/** Adds units to an empty layer so that its output imitates that of the whole one (docs/algorithms.md 2.18). */
export const greedy = method({
  label: 'Greedy forward selection',
  cite: 'Ye et al., arXiv:2003.01794; local imitation: Ye, Wu & Liu, NeurIPS 2020',
  group: 'structured',
  about:
    "Begins with empty layers. One by one it adds the neuron or head that brings a layer's output nearest to that "
    + 'of the whole layer. A unit may be added again and then counts more. What is added is scaled to replace what is '
    + 'missing.',
  formula:
    '\\min_{a} \\Bigl\\lVert \\sum_j (1 - D a_j)\\, h_j w_j^\\top \\Bigr\\rVert^2,\\quad a \\leftarrow '
    + '\\tfrac{n}{n+1}\\, a + \\tfrac{1}{n+1}\\, e_j,\\quad D \\text{ units}',
  shines: 'Layers with many units that say the same. The error falls with every unit added, and no gradient is needed.',
  fails:
    'Scaling has to make up for every unit left out, and shares must sum to 1. So it imitates layers poorly if they '
    + 'have few units that differ, such as heads.',
  adapted:
    'The first paper adds the unit that lowers the loss on a batch. Here, as in the second paper, it adds the unit '
    + 'that imitates the layer best, from sums of products that are measured once a layer. Blocks follow in order; '
    + 'each sees the output of the pruned ones before it. All layers are cut at once, by default at the end of the '
    + 'run and without fine-tuning. The first paper fine-tunes lightly after each layer. If you cut earlier, the rest '
    + 'of the run fine-tunes the whole. Every layer keeps the same share. The scaling is folded into the weights by '
    + 'which units leave.',
  knobs,
  score: { wgsl: 'x.w * x.w', js: (x) => Math.fround(x.w * x.w) },
  scope: () => 'layer',
  granularity: (v) => ({ kind: v.unit === 'head' ? 'head' : 'neuron', score: 'sum' }),
  plan: (v, steps) => cutAfter(v, steps),
  passes: ({ batches }, groups) => ({
    forward: batches * groups.reduce((sum, { tensors }) => sum + tensors.length, 0),
    gradients: 0,
  }),
  async cut(view, values) {
    let cut: Required<Pick<Cut, 'mask' | 'weights'>> = { mask: view.mask, weights: view.weights }
    for (const layer of view.units?.layout.prunable ?? []) cut = await withLayer(cut, view, layer, values)
    return cut
  },
})

/** A cut that chooses among one more layer's units. @param layer their places in the layout of units */
async function withLayer(
  cut: Required<Pick<Cut, 'mask' | 'weights'>>,
  view: CutView,
  layer: Placed,
  { batches, candidates, tolerance }: Values<typeof knobs>,
): Promise<typeof cut> {
  const leaving = view.layout.prunable.filter(({ units }) => units?.layer === layer.name && units.side === 'leaves')
  const grams = await view.inputs(
    leaving.map(({ name }) => name),
    'products',
    batches,
    cut,
  )
  const lot = new RandomStream(view.seed, streams.method)
  const { shares } = selectForward(productsOf(leaving, grams, cut.weights, layer.size), layer.size, {
    tolerance: tolerance > 0 ? tolerance : -1,
    count: view.groups.find(({ tensors: [first] }) => first?.name === layer.name)?.kept ?? layer.size,
    candidates: (open) => (open.length <= candidates ? open : drawn(open, candidates, lot)),
  })
  const mask = maskWithout(cut.mask, view.units as Units, (unit) => shares[unit - layer.offset] === 0)
  return { mask, weights: scaled(cut.weights, leaving, shares) }
}

function productsOf(
  leaving: readonly Placed[],
  grams: ReadonlyMap<string, Float64Array>,
  weights: Float32Array,
  units: number,
): Float64Array {
  const parts = leaving.map(({ name, offset, size, shape: [inputs = 1] }) =>
    unitProducts(
      grams.get(name) ?? new Float64Array(inputs * inputs),
      weights.subarray(offset, offset + size),
      inputs,
      units,
    ),
  )
  return parts.reduce((sum, part) => sum.map((q, i) => q + (part[i] ?? 0)))
}

/** `count` of these at random, in their order. */
function drawn(open: readonly number[], count: number, lot: RandomStream): number[] {
  return [...lot.permutation(open.length).subarray(0, count)].sort((a, b) => a - b).map((i) => open[i] ?? 0)
}

/** The weights by which each unit leaves times its share of the layer. */
function scaled(weights: Float32Array, leaving: readonly Placed[], shares: Float64Array): Float32Array<ArrayBuffer> {
  const next = Float32Array.from(weights)
  for (const { offset, size } of leaving) {
    const run = size / shares.length
    for (let i = 0; i < size; i++)
      next[offset + i] = (weights[offset + i] ?? 0) * shares.length * (shares[Math.floor(i / run)] ?? 0)
  }
  return next
}
