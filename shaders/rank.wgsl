// Order of scores as unsigned integers: larger key, better score. -0 equals 0; NaN is worse than any number, and a weight
// that nested masks hold pruned (`prunedScore`) is worse than NaN.
const prunedScore = 0xffffffffu;

fn rankKey(bits: u32) -> u32 {
  if (bits == prunedScore) { return 0u; }
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return 1u; }
  if (bits == 0x80000000u) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}
