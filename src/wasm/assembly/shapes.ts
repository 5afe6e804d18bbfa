/** Operations of tfjs on tensors of any shape, as far as models use them; a shape comes as three lengths. */
import { exp1, sum4 } from './exponential'

/** Operations on two numbers, in the order of `pairOperations` in src/tf/wasmRecording/shapes.ts. */
enum Pair {
  add,
  subtract,
  multiply,
  divide,
}

/**
 * to [outer, mid, inner] = a op b, either of which repeats itself along dimensions whose stride is 0; strides in bytes.
 * The innermost stride is 4 or 0.
 */
export function pairwise(
  operation: i32,
  a: usize,
  aOuter: usize,
  aMid: usize,
  aInner: usize,
  b: usize,
  bOuter: usize,
  bMid: usize,
  bInner: usize,
  to: usize,
  outer: i32,
  mid: i32,
  inner: i32,
): void {
  const whole = inner & ~3
  for (let o = 0; o < outer; o++) {
    for (let m = 0; m < mid; m++) {
      const x = a + <usize>o * aOuter + <usize>m * aMid
      const y = b + <usize>o * bOuter + <usize>m * bMid
      for (let i = 0; i < whole; i += 4)
        v128.store(to + 4 * i, pair4(operation, four(x, aInner, i), four(y, bInner, i)))
      for (let i = whole; i < inner; i++) {
        const value = pair4(
          operation,
          v128.load_splat<f32>(x + <usize>i * aInner),
          v128.load_splat<f32>(y + <usize>i * bInner),
        )
        v128.store_lane<f32>(to + 4 * i, value, 0)
      }
      to += 4 * inner
    }
  }
}

function four(from: usize, stride: usize, i: i32): v128 {
  return stride ? v128.load(from + 4 * i) : v128.load_splat<f32>(from)
}

function pair4(operation: i32, a: v128, b: v128): v128 {
  if (operation === Pair.add) return f32x4.add(a, b)
  if (operation === Pair.subtract) return f32x4.sub(a, b)
  if (operation === Pair.multiply) return f32x4.mul(a, b)
  return f32x4.div(a, b)
}

/** Operations on one number, in the order of `singleOperations` in src/tf/wasmRecording/shapes.ts. */
enum Single {
  square,
  negative,
  relu,
  step,
  size,
  sign,
  tanh,
  sigmoid,
  side,
}

/** to = the operation on each number of x. */
export function each(operation: i32, x: usize, to: usize, length: i32): void {
  for (let i = 0; i < length; i++) store<f32>(to + 4 * i, single(operation, load<f32>(x + 4 * i)))
}

/** to = whole numbers as floats. */
export function toFloats(x: usize, to: usize, length: i32): void {
  for (let i = 0; i < length; i++) store<f32>(to + 4 * i, <f32>load<i32>(x + 4 * i))
}

function single(operation: i32, x: f32): f32 {
  if (operation === Single.square) return x * x
  if (operation === Single.negative) return -x
  if (operation === Single.relu) return max<f32>(x, 0)
  if (operation === Single.step) return x > 0 ? 1 : 0
  if (operation === Single.size) return abs<f32>(x)
  if (operation === Single.sign) return x > 0 ? 1 : x < 0 ? -1 : 0
  if (operation === Single.side) return x > 0 ? 1 : -1
  if (operation === Single.tanh) return <f32>JSMath.tanh(<f64>x)
  return <f32>1 / (<f32>1 + exp1(-x))
}

/** to [outer, inner] = x [outer, reduced, inner] summed over `reduced`, in its order, times `factor`. */
export function sumOver(x: usize, to: usize, outer: i32, reduced: i32, inner: i32, factor: f32): void {
  for (let o = 0; o < outer; o++) {
    if (inner === 1) store<f32>(to, factor * sumOf(x, reduced))
    else sumRows(x, to, reduced, inner, factor)
    x += 4 * <usize>reduced * inner
    to += 4 * inner
  }
}

function sumOf(x: usize, length: i32): f32 {
  const whole = length & ~3
  let sums = f32x4.splat(0)
  for (let i = 0; i < whole; i += 4) sums = f32x4.add(sums, v128.load(x + 4 * i))
  let sum = sum4(sums)
  for (let i = whole; i < length; i++) sum += load<f32>(x + 4 * i)
  return sum
}

function sumRows(x: usize, to: usize, rows: i32, width: i32, factor: f32): void {
  const row: usize = 4 * width
  let i = 0
  for (; i + 4 <= width; i += 4) {
    let sums = v128.load(x + 4 * i)
    for (let r = 1; r < rows; r++) sums = f32x4.add(sums, v128.load(x + <usize>r * row + 4 * i))
    v128.store(to + 4 * i, f32x4.mul(sums, f32x4.splat(factor)))
  }
  for (; i < width; i++) {
    let sum = load<f32>(x + 4 * i)
    for (let r = 1; r < rows; r++) sum += load<f32>(x + <usize>r * row + 4 * i)
    store<f32>(to + 4 * i, factor * sum)
  }
}

/** Copies rows of `bytes`, which lie `fromRow` and `toRow` bytes apart. */
export function copyRows(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, bytes: i32): void {
  for (let r = 0; r < rows; r++) memory.copy(to + <usize>r * toRow, from + <usize>r * fromRow, bytes)
}

/** Sets `bytes` bytes to 0. */
export function clear(to: usize, bytes: i32): void {
  memory.fill(to, 0, bytes)
}

/** to [outer, b, a, inner] = x [outer, a, b, inner]. */
export function swap(x: usize, to: usize, outer: i32, a: i32, b: i32, inner: i32): void {
  const bytes: usize = 4 * inner
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < b; j++)
      for (let i = 0; i < a; i++) {
        memory.copy(to, x + <usize>(i * b + j) * bytes, bytes)
        to += bytes
      }
    x += <usize>a * b * bytes
  }
}
