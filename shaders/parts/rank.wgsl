// Order of scores as unsigned integers: larger key, better score. -0 equals 0; NaN is worse than any number, and a
// weight that nested masks hold pruned (`prunedScore`) is worse than NaN. A survivor of an exchange (`keptScore`) is
// better than all.
const prunedScore = 0xffffffffu;
const keptScore = 0x7fffffffu;
// The key of 0.
const zeroKey = 0x80000000u;

fn rankKey(bits: u32) -> u32 {
  let magnitude = bits & 0x7fffffffu;
  let number = select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
  let ordered = select(number, zeroKey, magnitude == 0u);
  let ranked = select(ordered, 1u, magnitude > 0x7f800000u);
  let least = select(ranked, 0u, bits == prunedScore);
  return select(least, 0xfffffffeu, bits == keptScore);
}
