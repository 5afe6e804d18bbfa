import type { MatrixPlace } from './nOfM'
import { keptScore } from '../formula/score'
import { rankKey } from './select'

/**
 * The buffer `columns`: four u32 a column, the flat index of its first weight, its rows, the distance between them, and
 * how many it keeps. The count of a matrix is shared so that columns differ by one at most and the first ones keep
 * more. With a smaller count no column keeps more than before, so masks can nest.
 * @param kept counts of the matrices
 */
export function columnTable(
  matrices: readonly MatrixPlace[],
  kept: readonly number[] | Uint32Array,
): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(
    matrices.flatMap(({ offset, shape: [rows = 1, columns = 1] }, i) =>
      Array.from({ length: columns }, (_, j) => [
        offset + j,
        rows,
        columns,
        Math.ceil(Math.max(0, (kept[i] ?? 0) - j) / columns),
      ]).flat(),
    ),
  )
}

/**
 * Twin: marks the best of every column as kept; among equal scores the upper row is better, weights that are pruned
 * already are not marked.
 * @param scores float32 scores as bits
 * @param table of `columnTable`
 */
export function columnBest(scores: Uint32Array, table: Uint32Array): void {
  for (let c = 0; c < table.length; c += 4) {
    const [first = 0, rows = 0, stride = 0, kept = 0] = table.subarray(c, c + 4)
    const members = Array.from({ length: rows }, (_, row) => ({
      at: first + row * stride,
      key: rankKey(scores[first + row * stride] as number),
    }))
    members.sort((a, b) => b.key - a.key || a.at - b.at)
    for (const { at, key } of members.slice(0, kept)) if (key !== 0) scores[at] = keptScore
  }
}
