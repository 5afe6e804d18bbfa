import { keptScore } from '../formula/score'
import { rankKey } from './select'
import { uniformStruct } from '../parts/uniformStruct'

/** The most weights of a group, all of which a thread holds at once. */
export const mostOfGroup = 32

/**
 * The uniform block `ratio`: among that many consecutive inputs of an output, `keep`; both at most `mostOfGroup`. `of`
 * is reserved in WGSL.
 */
export const ratioStruct = uniformStruct('Ratio', { keep: 'u32', among: 'u32' })

/** A matrix [in, out] in the arena; `Placed` of src/core/layout.ts fits. */
export interface MatrixPlace {
  readonly offset: number
  readonly shape: readonly number[]
}

interface Ratio {
  readonly keep: number
  readonly of: number
}

const groupsOfWorkgroup = 256

/** The buffer `places`: four u32 a workgroup, its tensor's offset, rows and columns, and its first group there. */
export function groupPlaces(tensors: readonly MatrixPlace[], of: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(
    tensors.flatMap(({ offset, shape: [rows = 1, columns = 1] }) => {
      const groups = Math.ceil(rows / of) * columns
      return Array.from({ length: Math.ceil(groups / groupsOfWorkgroup) }, (_, i) => [
        offset,
        rows,
        columns,
        i * groupsOfWorkgroup,
      ]).flat()
    }),
  )
}

/**
 * Twin: marks the best of every group as kept, `keep` of `of`; of a shorter last group the same share, rounded up.
 * Among equal scores the lower index is better; weights that are pruned already are not marked.
 * @param scores float32 scores as bits
 */
export function nOfM(scores: Uint32Array, tensors: readonly MatrixPlace[], { keep, of }: Ratio): void {
  for (const {
    offset,
    shape: [rows = 1, columns = 1],
  } of tensors) {
    for (let row = 0; row < rows; row += of) {
      const count = Math.min(of, rows - row)
      for (let column = 0; column < columns; column++)
        markBest(scores, offset + row * columns + column, columns, count, Math.ceil((keep * count) / of))
    }
  }
}

/** @param first flat index of the group's first weight; the others follow `stride` apart */
function markBest(scores: Uint32Array, first: number, stride: number, count: number, quota: number): void {
  const members = Array.from({ length: count }, (_, k) => ({
    at: first + k * stride,
    key: rankKey(scores[first + k * stride] as number),
  }))
  members.sort((a, b) => b.key - a.key || a.at - b.at)
  for (const { at, key } of members.slice(0, quota)) if (key !== 0) scores[at] = keptScore
}
