/** Exact selection in memory, for cuts that are made once and not on the device. */
import { keptOfGroup, type GroupGranularity } from './granularity'

/** 1 for the `count` largest scores, ties to the lowest index. Scores are finite. */
export function largest(scores: Float32Array | Float64Array, count: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(scores.length)
  if (count <= 0) return mask
  const threshold = scores.slice().sort()[scores.length - count] ?? -Infinity
  let ties = count
  for (const score of scores) if (score > threshold) ties--
  scores.forEach((score, i) => {
    if (score > threshold || (score === threshold && ties-- > 0)) mask[i] = 1
  })
  return mask
}

/** 1 for what N:M keeps of each group of consecutive scores, ties to the lowest index. */
export function largestOfGroups(scores: Float32Array, ratio: GroupGranularity): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(scores.length)
  for (let begin = 0; begin < scores.length; begin += ratio.of) {
    const group = scores.subarray(begin, begin + ratio.of)
    mask.set(largest(group, keptOfGroup(ratio, group.length)), begin)
  }
  return mask
}

/** A mask of a matrix [rows, columns], chosen column by column, stored row by row. */
export function byColumn(
  scores: Float32Array,
  columns: number,
  choose: (column: Float32Array, j: number) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(scores.length)
  for (let j = 0; j < columns; j++) {
    const column = Float32Array.from({ length: scores.length / columns }, (_, i) => scores[i * columns + j] ?? 0)
    choose(column, j).forEach((bit, i) => {
      mask[i * columns + j] = bit
    })
  }
  return mask
}

/**
 * What the part [begin, end) gets when `total` is spread evenly over `size` in whole numbers; the parts of a whole add
 * up to it.
 */
export function share(total: number, begin: number, end: number, size: number): number {
  return Math.floor((total * end) / size) - Math.floor((total * begin) / size)
}
