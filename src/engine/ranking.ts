/** Exact selection in memory, for cuts that are made once and not on the device. */

/** 1 for the `count` largest scores, ties to the lowest index. Scores are finite. */
export function largest(scores: Float32Array, count: number): Uint8Array<ArrayBuffer> {
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

/** What falls to the part [begin, end) when `total` is spread evenly over `size` in whole numbers; parts that follow each other add up. */
export function share(total: number, begin: number, end: number, size: number): number {
  return Math.floor(total * end / size) - Math.floor(total * begin / size)
}
