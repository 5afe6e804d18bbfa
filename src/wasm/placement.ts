/** Something that takes memory from one call of a list to another, both included. */
export interface Stay {
  readonly bytes: number
  readonly first: number
  readonly last: number
}

/** What of a list of stays lies where. */
export interface Placement {
  /** Of each stay, in bytes; multiples of 16. */
  readonly offsets: readonly number[]
  /** Of all together. */
  readonly bytes: number
}

const alignment = 16

/**
 * Lays stays into as little memory as a simple rule finds: the largest first, each at the lowest place that is free
 * while it stays (Pisarchyk & Lee, arXiv:2001.03288, "greedy by size").
 */
export function place(stays: readonly Stay[]): Placement {
  const offsets = new Array<number>(stays.length).fill(0)
  const placed: (Stay & { readonly from: number; readonly to: number })[] = []
  const largestFirst = stays.map((stay, i) => ({ stay, i })).sort((a, b) => b.stay.bytes - a.stay.bytes || a.i - b.i)
  for (const { stay, i } of largestFirst) {
    const size = alignment * Math.ceil(stay.bytes / alignment)
    let from = 0
    for (const other of placed) {
      if (other.first > stay.last || other.last < stay.first) continue
      if (from + size <= other.from) break
      from = Math.max(from, other.to)
    }
    offsets[i] = from
    placed.push({ ...stay, from, to: from + size })
    placed.sort((a, b) => a.from - b.from)
  }
  return { offsets, bytes: placed.reduce((end, { to }) => Math.max(end, to), 0) }
}
