/** The sum of x^2, in doubles; a multiple of four numbers. */
export function squareSum(x: usize, length: i32): f64 {
  let even = f64x2.splat(0)
  let odd = even
  for (let i = 0; i < length; i += 4) {
    const four = v128.load(x + 4 * i)
    const low = f64x2.promote_low_f32x4(four)
    const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 1))
    even = f64x2.add(even, f64x2.mul(low, low))
    odd = f64x2.add(odd, f64x2.mul(high, high))
  }
  const sums = f64x2.add(even, odd)
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
}
