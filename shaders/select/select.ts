import { tileSize, tileTable, type TileGroup, type TilePlace } from '../parts/tiles'
import { keptScore, prunedScore } from '../formula/score'
import { uniformStruct } from '../parts/uniformStruct'

/** What selection must know of the arena and the groups. */
export interface SelectionTables {
  /** One u32 a tile (tiles.ts). */
  readonly tiles: Uint32Array
  /** One u32 a group: how many weights it keeps, at most what it has. */
  readonly kept: Uint32Array
}

/** Tables for a layout (src/core/layout.ts) and its groups (src/core/scope.ts). */
export function selectionTables(
  layout: { readonly prunableLength: number; readonly prunable: readonly TilePlace[] },
  groups: readonly TileGroup[],
): SelectionTables {
  return {
    tiles: tileTable(
      layout.prunableLength,
      groups.map((g) => g.tensors),
    ),
    kept: keptCounts(groups),
  }
}

/** One u32 a group: how many it keeps, at most what it has. */
export function keptCounts(groups: readonly TileGroup[]): Uint32Array<ArrayBuffer> {
  const size = (tensors: readonly TilePlace[]) => tensors.reduce((sum, t) => sum + t.size, 0)
  return Uint32Array.from(groups, (g) => Math.min(Math.max(g.kept, 0), size(g.tensors)))
}

/** The threshold (key, index) of a single group that keeps every weight that does not count as pruned. */
export function everyScore(): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(1, 0xffffffff)
}

/** Bins of a histogram: digits have at most 11 bits. */
export const bins = 2048

/** Bytes of a group's state after one pass, of one of its histograms, and of its threshold (key, index). */
export const selectBytes = { rank: 16, histogram: bins * 4, threshold: 8 } as const

/** The uniform block `digit` of one pass; `groups` is the number of groups. */
export const digitStruct = uniformStruct('Digit', {
  number: 'u32',
  shift: 'u32',
  last: 'u32',
  above: 'u32',
  shiftBefore: 'u32',
  groups: 'u32',
})

type Digit = Omit<Parameters<typeof digitStruct.write>[0], 'groups'>

/** The digits of a key, (key >> shift) & last, from the highest; `above` masks those before it. */
export const digits: readonly Digit[] = [
  { number: 0, shift: 21, last: 2047, above: 0, shiftBefore: 0 },
  { number: 1, shift: 10, last: 2047, above: 0xffe00000, shiftBefore: 21 },
  { number: 2, shift: 0, last: 1023, above: 0xfffffc00, shiftBefore: 10 },
]

/** After all digits: the last steps know the whole key. */
export const afterDigits: Digit = { number: digits.length, shift: 0, last: 0, above: 0xffffffff, shiftBefore: 0 }

/** Order of a score's bits as an unsigned integer, larger is better (shaders/parts/rank.wgsl). */
export function rankKey(bits: number): number {
  if (bits === prunedScore) return 0
  if (bits === keptScore) return 0xfffffffe
  if ((bits & 0x7fffffff) > 0x7f800000) return 1
  if (bits === 0x80000000) return 0x80000000
  return (bits >>> 31 === 1 ? ~bits : bits | 0x80000000) >>> 0
}

/** The scores that have the keys of thresholds (key, index); not finite for keys that no number has. */
export function scoresOf(thresholds: Uint32Array): number[] {
  const keys = thresholds.filter((_, i) => i % 2 === 0)
  const bits = keys.map((key) => (key >>> 31 === 1 ? key ^ 0x80000000 : ~key))
  return [...new Float32Array(bits.buffer)]
}

/** Is the pair at or above the threshold of its group? Among equal keys the lower index is better. */
export function atLeast(key: number, index: number, thresholds: Uint32Array, group: number): boolean {
  const least = thresholds[2 * group] as number
  return key > least || (key === least && index <= (thresholds[2 * group + 1] as number))
}

/**
 * Twin of the selection: the threshold (key, index) of every group, so that exactly `kept` weights are at or above it.
 * @param scores float32 scores as bits
 */
export function select(scores: Uint32Array, { tiles, kept }: SelectionTables): Uint32Array {
  const thresholds = new Uint32Array(2 * kept.length)
  kept.forEach((count, group) => {
    const ranking = rankingOf(scores, tiles, group)
    thresholds.set(
      count === 0 ? [0xffffffff, 0] : count >= ranking.keys.length ? [0, 0xffffffff] : nth(ranking, count),
      2 * group,
    )
  })
  return thresholds
}

interface Ranking {
  readonly keys: Uint32Array
  readonly indices: Uint32Array
}

/** Keys and flat indices of a group's weights, in the order of the indices. */
function rankingOf(scores: Uint32Array, tiles: Uint32Array, group: number): Ranking {
  const size = tiles.reduce((sum, tile) => sum + (tile >>> 8 === group ? tile & 255 : 0), 0)
  const keys = new Uint32Array(size)
  const indices = new Uint32Array(size)
  let n = 0
  tiles.forEach((tile, t) => {
    if (tile >>> 8 !== group) return
    for (let i = t * tileSize; i < t * tileSize + (tile & 255); i++) {
      keys[n] = rankKey(scores[i] as number)
      indices[n++] = i
    }
  })
  return { keys, indices }
}

/** The pair with `count` - 1 better ones: two passes over 16-bit digits, then along the equal keys. */
function nth({ keys, indices }: Ranking, count: number): [key: number, index: number] {
  const high = descend(keys, count, (key) => key >>> 16)
  const low = descend(keys, high.remaining, (key) => (key >>> 16 === high.digit ? key & 0xffff : -1))
  const key = ((high.digit << 16) | low.digit) >>> 0
  let left = low.remaining
  const at = keys.findIndex((k) => k === key && --left === 0)
  return [key, indices[at] as number]
}

/**
 * The 16-bit digit of the `count`-th best key, and its place among the keys with that digit. A negative digit is left
 * out.
 */
function descend(
  keys: Uint32Array,
  count: number,
  digitOf: (key: number) => number,
): { digit: number; remaining: number } {
  const histogram = new Uint32Array(65536)
  for (const key of keys) {
    const digit = digitOf(key)
    if (digit >= 0) histogram[digit] = (histogram[digit] as number) + 1
  }
  let digit = 65535
  let remaining = count
  while (digit > 0 && remaining > (histogram[digit] as number)) remaining -= histogram[digit--] as number
  return { digit, remaining }
}
