/**
 * y = x times the dropout mask of src/tf/ops/dropout.ts: `kept` where the upper 24 bits of randomBits(key, stream, i)
 * of src/core/random.ts are at least `threshold`, 0 elsewhere. The key is randomBits(seed, stream, step).
 * @param random seed and step, int32
 */
export function dropout(x: usize, y: usize, length: i32, random: usize, stream: i32, threshold: i32, kept: f32): void {
  const key = i32x4.extract_lane(randomBits4(load<i32>(random), stream, v128.load_splat<i32>(random, 4)), 0)
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4)
    v128.store(y + 4 * i, f32x4.mul(v128.load(x + 4 * i), mask4(key, stream, i, threshold, kept)))
  if (whole === length) return
  const rest = mask4(key, stream, whole, threshold, kept)
  for (let i = whole; i < length; i++) store<f32>(y + 4 * i, load<f32>(x + 4 * i) * laneOf(rest, i - whole))
}

/** The mask of elements i to i + 3. */
function mask4(key: i32, stream: i32, i: i32, threshold: i32, kept: f32): v128 {
  const counter = i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3))
  const upper = i32x4.shr_u(randomBits4(key, stream, counter), 8)
  return v128.and(i32x4.ge_s(upper, i32x4.splat(threshold)), f32x4.splat(kept))
}

function laneOf(four: v128, lane: i32): f32 {
  if (lane === 0) return f32x4.extract_lane(four, 0)
  return lane === 1 ? f32x4.extract_lane(four, 1) : f32x4.extract_lane(four, 2)
}

function congruential(x: v128): v128 {
  return i32x4.add(i32x4.mul(x, i32x4.splat(1664525)), i32x4.splat(1013904223))
}

function randomBits4(seed: i32, stream: i32, counter: v128): v128 {
  let x = congruential(i32x4.splat(seed))
  let y = congruential(i32x4.splat(stream))
  let z = congruential(counter)
  x = i32x4.add(x, i32x4.mul(y, z))
  y = i32x4.add(y, i32x4.mul(z, x))
  z = i32x4.add(z, i32x4.mul(x, y))
  x = v128.xor(x, i32x4.shr_u(x, 16))
  y = v128.xor(y, i32x4.shr_u(y, 16))
  z = v128.xor(z, i32x4.shr_u(z, 16))
  x = i32x4.add(x, i32x4.mul(y, z))
  y = i32x4.add(y, i32x4.mul(z, x))
  return i32x4.add(z, i32x4.mul(x, y))
}
