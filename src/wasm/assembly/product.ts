/**
 * Products of matrices, either side in any layout: Goto & van de Geijn, "Anatomy of high-performance matrix
 * multiplication" (2008). Blocks of both matrices are packed into panels in the order in which the inner loop reads
 * them, so a transposed matrix costs as much as a plain one.
 */

/** The tile of sums that stays in registers: 4 x 8 floats. */
const tileRows: i32 = 4
export const tileColumns: i32 = 8

const blockRows: i32 = 64
const blockDepth: i32 = 256
const blockColumns: i32 = 512

/** Bytes of scratch memory that a product needs. */
export const productScratch: i32 = 4 * (blockRows * blockDepth + blockColumns * blockDepth + tileRows * tileColumns)

/**
 * c [rows, columns] = a [rows, depth] times b [depth, columns]; with `onto`, c += a b. Each sum adds its terms in order
 * of depth. `c` has its columns side by side; `a` and `b` have a stride a row, a column and a step of depth.
 */
export function product(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bDepth: usize,
  bColumn: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  onto: bool,
  scratch: usize,
): void {
  const bPanels = scratch + 4 * blockRows * blockDepth
  const edge = bPanels + 4 * blockColumns * blockDepth
  for (let j = 0; j < columns; j += blockColumns) {
    const wide = min(blockColumns, columns - j)
    for (let k = 0; k < depth; k += blockDepth) {
      const deep = min(blockDepth, depth - k)
      packPanels(b + <usize>k * bDepth + <usize>j * bColumn, bColumn, bDepth, wide, tileColumns, deep, bPanels)
      for (let i = 0; i < rows; i += blockRows) {
        const high = min(blockRows, rows - i)
        packPanels(a + <usize>i * aRow + <usize>k * aDepth, aRow, aDepth, high, tileRows, deep, scratch)
        block(scratch, bPanels, c + <usize>i * cRow + 4 * j, cRow, high, wide, deep, onto || k > 0, edge)
      }
    }
  }
}

/** One block of c from packed panels. */
function block(
  aPanels: usize,
  bPanels: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  onto: bool,
  edge: usize,
): void {
  for (let j = 0; j < columns; j += tileColumns) {
    const b = bPanels + 4 * j * depth
    for (let i = 0; i < rows; i += tileRows) {
      const a = aPanels + 4 * i * depth
      const to = c + <usize>i * cRow + 4 * j
      const high = rows - i
      const wide = columns - j
      if (high >= tileRows && wide >= tileColumns) tile(a, b, depth, to, cRow, onto)
      else edgeTile(a, b, depth, to, cRow, min(high, tileRows), min(wide, tileColumns), onto, edge)
    }
  }
}

/** A tile that hangs over the edge of c is summed up elsewhere, and what lies within is moved. */
function edgeTile(
  a: usize,
  b: usize,
  depth: i32,
  c: usize,
  cRow: usize,
  rows: i32,
  columns: i32,
  onto: bool,
  edge: usize,
): void {
  if (onto) for (let i = 0; i < rows; i++) memory.copy(edge + 32 * i, c + <usize>i * cRow, 4 * columns)
  tile(a, b, depth, edge, 32, onto)
  for (let i = 0; i < rows; i++) memory.copy(c + <usize>i * cRow, edge + 32 * i, 4 * columns)
}

/** 4 x 8 sums over packed panels. */
function tile(a: usize, b: usize, depth: i32, c: usize, cRow: usize, onto: bool): void {
  const c1 = c + cRow
  const c2 = c1 + cRow
  const c3 = c2 + cRow
  let s00 = f32x4.splat(0)
  let s01 = s00
  let s10 = s00
  let s11 = s00
  let s20 = s00
  let s21 = s00
  let s30 = s00
  let s31 = s00
  if (onto) {
    s00 = v128.load(c)
    s01 = v128.load(c, 16)
    s10 = v128.load(c1)
    s11 = v128.load(c1, 16)
    s20 = v128.load(c2)
    s21 = v128.load(c2, 16)
    s30 = v128.load(c3)
    s31 = v128.load(c3, 16)
  }
  const end = a + 16 * depth
  while (a < end) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    const a0 = v128.load_splat<f32>(a)
    s00 = f32x4.add(s00, f32x4.mul(a0, b0))
    s01 = f32x4.add(s01, f32x4.mul(a0, b1))
    const a1 = v128.load_splat<f32>(a, 4)
    s10 = f32x4.add(s10, f32x4.mul(a1, b0))
    s11 = f32x4.add(s11, f32x4.mul(a1, b1))
    const a2 = v128.load_splat<f32>(a, 8)
    s20 = f32x4.add(s20, f32x4.mul(a2, b0))
    s21 = f32x4.add(s21, f32x4.mul(a2, b1))
    const a3 = v128.load_splat<f32>(a, 12)
    s30 = f32x4.add(s30, f32x4.mul(a3, b0))
    s31 = f32x4.add(s31, f32x4.mul(a3, b1))
    a += 16
    b += 32
  }
  v128.store(c, s00)
  v128.store(c, s01, 16)
  v128.store(c1, s10)
  v128.store(c1, s11, 16)
  v128.store(c2, s20)
  v128.store(c2, s21, 16)
  v128.store(c3, s30)
  v128.store(c3, s31, 16)
}

/**
 * Packs `lanes` rows (of a) or columns (of b) into panels of `width` beside each other, zeros for what is not there.
 */
function packPanels(from: usize, lane: usize, step: usize, lanes: i32, width: i32, depth: i32, to: usize): void {
  for (let l = 0; l < lanes; l += width) {
    const source = from + <usize>l * lane
    if (lanes - l < width) packEdge(source, lane, step, lanes - l, width, depth, to)
    else if (lane === 4) packLanes(source, step, width, depth, to)
    else if (step === 4)
      for (let w = 0; w < width; w += 4) packSteps(source + <usize>w * lane, lane, width, depth, to + 4 * w)
    else packEdge(source, lane, step, width, width, depth, to)
    to += 4 * width * depth
  }
}

/** The lanes lie side by side. */
function packLanes(from: usize, step: usize, width: i32, depth: i32, to: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(from))
    if (width > 4) v128.store(to, v128.load(from, 16), 16)
    from += step
    to += 4 * width
  }
}

/** Four lanes, of each the steps side by side: squares of 4 x 4 are transposed. */
function packSteps(from: usize, lane: usize, width: i32, depth: i32, to: usize): void {
  const second = from + lane
  const third = second + lane
  const fourth = third + lane
  const row = 4 * width
  const whole = 4 * (depth & ~3)
  let at: usize = 0
  for (; at < <usize>whole; at += 16) {
    const x0 = v128.load(from + at)
    const x1 = v128.load(second + at)
    const x2 = v128.load(third + at)
    const x3 = v128.load(fourth + at)
    const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5)
    const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7)
    const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5)
    const high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7)
    v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2))
    v128.store(to + row, v128.shuffle<i64>(low01, low23, 1, 3))
    v128.store(to + 2 * row, v128.shuffle<i64>(high01, high23, 0, 2))
    v128.store(to + 3 * row, v128.shuffle<i64>(high01, high23, 1, 3))
    to += 4 * row
  }
  for (; at < <usize>(4 * depth); at += 4) {
    store<f32>(to, load<f32>(from + at))
    store<f32>(to, load<f32>(second + at), 4)
    store<f32>(to, load<f32>(third + at), 8)
    store<f32>(to, load<f32>(fourth + at), 12)
    to += row
  }
}

/** Any strides, and fewer lanes than a panel has. */
function packEdge(from: usize, lane: usize, step: usize, lanes: i32, width: i32, depth: i32, to: usize): void {
  for (let k = 0; k < depth; k++) {
    for (let l = 0; l < width; l++)
      store<f32>(to + 4 * l, l < lanes ? load<f32>(from + <usize>l * lane + <usize>k * step) : 0)
    to += 4 * width
  }
}
