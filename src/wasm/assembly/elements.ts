/** Operations on one number after the other. */

/** to = a + b, `length` numbers. */
export function add(a: usize, b: usize, to: usize, length: i32): void {
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) v128.store(to + 4 * i, f32x4.add(v128.load(a + 4 * i), v128.load(b + 4 * i)))
  for (let i = whole; i < length; i++) store<f32>(to + 4 * i, load<f32>(a + 4 * i) + load<f32>(b + 4 * i))
}

/** to = a b, number by number. */
export function multiply(a: usize, b: usize, to: usize, length: i32): void {
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) v128.store(to + 4 * i, f32x4.mul(v128.load(a + 4 * i), v128.load(b + 4 * i)))
  for (let i = whole; i < length; i++) store<f32>(to + 4 * i, load<f32>(a + 4 * i) * load<f32>(b + 4 * i))
}

/** to = a times the number at `factor`. */
export function scaled(a: usize, factor: usize, to: usize, length: i32): void {
  const by = load<f32>(factor)
  for (let i = 0; i < length; i++) store<f32>(to + 4 * i, load<f32>(a + 4 * i) * by)
}

/**
 * Every row of to [rows, width] = row + that of x; without x (0), `row` alone. Rows of `to` lie `toRow` bytes apart.
 */
export function addRows(row: usize, x: usize, to: usize, toRow: usize, rows: i32, width: i32): void {
  for (let r = 0; r < rows; r++) {
    if (x) add(row, x + 4 * <usize>r * width, to, width)
    else memory.copy(to, row, 4 * width)
    to += toRow
  }
}

/** sums [width] = the sums of the columns of x [rows, width], each in order of rows; rows lie `xRow` bytes apart. */
export function columnSums(x: usize, xRow: usize, sums: usize, rows: i32, width: i32): void {
  memory.copy(sums, x, 4 * width)
  for (let r = 1; r < rows; r++) add(sums, x + <usize>r * xRow, sums, width)
}
