/** LAMP's ranking of weights (Lee et al., arXiv:2010.07611; docs/algorithms.md 0.6). */
import { bit } from '../core/bits'
import { maskOf, type Cut, type CutView } from '../core/cut'
import type { Placed } from '../core/layout'
import { largest } from '../core/ranking'

/** Keeps the highest scores of all layers together, and the largest weight of each. */
export function lampCut(view: CutView): Cut {
  const kept = chosen(view)
  return { mask: maskOf(view.layout, (i) => kept[i] === 1) }
}

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
