/** Floats of a tile: one word of the table of tiles says its group << 8 | how many of its floats are weights. */
const tileSize: i32 = 64

/** Digits of 16 bits. */
const bins: i32 = 65536

/** Bytes of scratch memory that a selection needs. */
export const selectScratch: i32 = 4 * bins

/** Twin of `rankKey` in shaders/select/select.ts: a score's bits in order as an unsigned integer, larger is better. */
function rankKey(bits: u32): u32 {
  if (bits === 0xffffffff) return 0
  if (bits === 0x7fffffff) return 0xfffffffe
  if ((bits & 0x7fffffff) > 0x7f800000) return 1
  if (bits === 0x80000000) return 0x80000000
  return bits >> 31 ? ~bits : bits | 0x80000000
}

/**
 * Twin of `select` in shaders/select/select.ts: thresholds (key, index) of every group, so that exactly kept[group]
 * weights are at or above it; of equal scores the lower index is better.
 */
export function select(
  scores: usize,
  tiles: usize,
  tileCount: i32,
  kept: usize,
  groups: i32,
  thresholds: usize,
  scratch: usize,
): void {
  for (let group = 0; group < groups; group++) {
    const count = load<u32>(kept + 4 * group)
    const to = thresholds + 8 * group
    if (count === 0) put(to, 0xffffffff, 0)
    else if (count >= sizeOf(tiles, tileCount, group)) put(to, 0, 0xffffffff)
    else nth(scores, tiles, tileCount, group, count, to, scratch)
  }
}

function put(threshold: usize, key: u32, index: u32): void {
  store<u32>(threshold, key)
  store<u32>(threshold, index, 4)
}

function sizeOf(tiles: usize, tileCount: i32, group: u32): u32 {
  let size: u32 = 0
  for (let t = 0; t < tileCount; t++) {
    const tile = load<u32>(tiles + 4 * t)
    if (tile >> 8 === group) size += tile & 255
  }
  return size
}

/** Two passes over digits, from the highest, then along the equal keys. */
function nth(scores: usize, tiles: usize, tileCount: i32, group: u32, count: u32, to: usize, scratch: usize): void {
  const start = bins - 1
  histogramOf(scores, tiles, tileCount, group, -1, scratch)
  let high = start
  for (; count > load<u32>(scratch + 4 * high); high--) count -= load<u32>(scratch + 4 * high)
  histogramOf(scores, tiles, tileCount, group, high, scratch)
  let low = start
  for (; count > load<u32>(scratch + 4 * low); low--) count -= load<u32>(scratch + 4 * low)
  const key = ((<u32>high) << 16) | (<u32>low)
  put(to, key, indexOf(scores, tiles, tileCount, group, key, count))
}

/** How many keys of a group have each digit: the high one, or the low one of those whose high one is `high`. */
function histogramOf(scores: usize, tiles: usize, tileCount: i32, group: u32, high: i32, to: usize): void {
  memory.fill(to, 0, 4 * bins)
  for (let t = 0; t < tileCount; t++) {
    const tile = load<u32>(tiles + 4 * t)
    if (tile >> 8 !== group) continue
    for (let i: u32 = 0, from = scores + 4 * tileSize * t; i < (tile & 255); i++) {
      const key = rankKey(load<u32>(from + 4 * i))
      if (high >= 0 && key >> 16 !== high) continue
      const bin = to + 4 * (high < 0 ? key >> 16 : key & 0xffff)
      store<u32>(bin, load<u32>(bin) + 1)
    }
  }
}

/** The flat index of the `count`-th weight of a group that has this key. */
function indexOf(scores: usize, tiles: usize, tileCount: i32, group: u32, key: u32, count: u32): u32 {
  for (let t = 0; t < tileCount; t++) {
    const tile = load<u32>(tiles + 4 * t)
    if (tile >> 8 !== group) continue
    for (let i: u32 = 0, from = scores + 4 * tileSize * t; i < (tile & 255); i++)
      if (rankKey(load<u32>(from + 4 * i)) === key && --count === 0) return tileSize * t + i
  }
  return 0
}

/** Twin of `member` in shaders/select/mask.ts: the set of weights that reach their group's threshold, bit-packed. */
export function member(scores: usize, tiles: usize, tileCount: i32, thresholds: usize, members: usize): void {
  for (let t = 0; t < tileCount; t++) {
    const tile = load<u32>(tiles + 4 * t)
    const least = thresholds + 8 * (tile >> 8)
    const leastKey = load<u32>(least)
    const lastIndex = load<u32>(least, 4)
    let bits: u64 = 0
    for (let i = 0, size = <i32>(tile & 255); i < size; i++) {
      const index = tileSize * t + i
      const key = rankKey(load<u32>(scores + 4 * index))
      if (key !== 0 && (key > leastKey || (key === leastKey && <u32>index <= lastIndex))) bits |= (<u64>1) << i
    }
    store<u64>(members + 8 * t, bits)
  }
}

/** Sets what a mask does not keep to 0; `mask` has the bits of `tiles`. */
export function clearPruned(values: usize, mask: usize, tiles: usize, tileCount: i32): void {
  for (let t = 0; t < tileCount; t++) {
    const bits = load<u64>(mask + 8 * t)
    for (let i = 0, size = <i32>(load<u32>(tiles + 4 * t) & 255); i < size; i++)
      if (!((bits >> i) & 1)) store<f32>(values + 4 * (tileSize * t + i), 0)
  }
}
