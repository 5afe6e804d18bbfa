import { bit } from '../core/bits'
import { maskOf, type CutView } from '../core/cut'
import type { Placed } from '../core/layout'
import { method } from '../core/method'
import { largest } from '../core/ranking'
import { cutKnobs, cutting, everyKnob, sparsityKnob } from './axes'

/**
 * Magnitude whose layers are made comparable: w^2 over the squares of its layer that are no smaller (docs/algorithms.md
 * 0.6).
 */
export const lamp = method({
  label: 'LAMP',
  cite: 'Lee et al., arXiv:2010.07611',
  group: 'during training',
  about:
    "Magnitude pruning that finds each layer's sparsity by itself. A weight's score is its square, divided by the "
    + 'sum of all squares in its layer that are no smaller. All layers are ranked together. The largest weight of a '
    + 'layer has score 1, so no layer becomes empty.',
  formula: 's_i = \\frac{w_i^2}{\\sum_{j:\\, |w_j| \\ge |w_i|} w_j^2}',
  shines: 'Layers whose weights differ in scale, where global magnitude fails. Scaling a whole layer changes no score.',
  fails: 'Layers that are small but matter: it sees only weights.',
  adapted:
    'Weights of one size have the same score; in the released code the order of sorting decides. Cuts are made '
    + 'between steps, in doubles. Weights that were cut no longer count.',
  knobs: {
    sparsity: sparsityKnob(),
    ...cutKnobs,
    schedule: { ...cutKnobs.schedule, default: 'once' },
    every: { ...everyKnob(100), when: { knob: 'schedule', is: 'gradual' } },
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan: cutting,
  cut(view) {
    const kept = chosen(view)
    return { mask: maskOf(view.layout, (i) => kept[i] === 1) }
  },
})

/** 1 for each weight that stays, at its flat index. */
function chosen({ layout: { prunable, prunableLength }, weights, mask, groups }: CutView): Uint8Array {
  const scores = new Float64Array(prunableLength).fill(-1)
  for (const tensor of prunable) scores.set(lampScores(tensor, weights, mask), tensor.offset)
  const count = groups.reduce((sum, group) => sum + group.kept, 0)
  return largest(scores, Math.max(count, prunable.length))
}

/**
 * Scores of a tensor's weights, in doubles: -1 for those that were cut before, infinity for the first of the largest.
 */
function lampScores({ offset, size }: Placed, weights: Float32Array, mask: Uint32Array): Float64Array {
  const squares = Float64Array.from({ length: size }, (_, i) => (weights[offset + i] ?? 0) ** 2)
  const scores = new Float64Array(size).fill(-1)
  const order = [...squares.keys()]
    .filter((i) => bit(mask, offset + i))
    .sort((a, b) => at(squares, b) - at(squares, a) || a - b)
  let sum = 0
  for (let from = 0, to = 0; from < order.length; from = to) {
    const square = at(squares, order[from])
    while (to < order.length && at(squares, order[to]) === square) to++
    sum += square * (to - from)
    for (const i of order.slice(from, to)) scores[i] = sum > 0 ? square / sum : 0
  }
  if (order[0] !== undefined) scores[order[0]] = Infinity
  return scores
}

function at(numbers: Float64Array, i = 0): number {
  return numbers[i] ?? 0
}
