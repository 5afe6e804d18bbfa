// Factors of a product in 16 bits. The product of two is exact in 32 bits, so that only the order of a sum decides its
// bits. A scale, a power of two, moves small numbers to where 16 bits hold them with 11 bits of precision. What is
// still smaller becomes 0, what is too large the largest; infinity and NaN stay, for a run that diverged must be seen.
// Compilers may leave out f32(f16(value)), and devices differ below 2^-14; arithmetic on bits is the same everywhere.
alias Factor = f16;
fn factorOf(value: f32, scale: f32) -> f32 {
  let bits = bitcast<u32>(value * scale);
  let size = bits & 0x7fffffffu;
  // To the nearest, of two equally near ones to the even one; 65504 at most.
  let rounded = min((size + 0x0fffu + ((size >> 13u) & 1u)) & 0xffffe000u, 0x477fe000u);
  let held = select(rounded, 0u, size < 0x38800000u) | (bits & 0x80000000u);
  return bitcast<f32>(select(held, bits, size >= 0x7f800000u));
}
fn sumOfFactors(sum: f32, unscale: f32) -> f32 { return sum * unscale; }
