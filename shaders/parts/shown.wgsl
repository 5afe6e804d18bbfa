// The number by which the map colours a weight, as bits: a shader can rely on the bits of a NaN, not on NaNs. The
// including kernel declares `tint`, `step`, `control`, and the buffers `first` and `second` in which the number lies.
const noNumber = 0x7fc00000u;

fn shownBits(i: u32) -> u32 {
  let bits = first[i];
  if (tint.number == asItIs) { return bits; }
  if (tint.number == age) {
    return select(noNumber, bitcast<u32>(tint.now - bitcast<f32>(bits)), isNumber(bits));
  }
  let a = abs(bitcast<f32>(bits));
  let b = abs(bitcast<f32>(second[i]));
  if (tint.number == product) {
    return select(bitcast<u32>(a * (b / control.norm)), noNumber, control.norm == 0.0);
  }
  // The coefficient of variation of |g| from its first two moments; below a thousandth it is rounding.
  let mean = a * step.noiseMeanCorrection;
  let square = b * step.noiseSquareCorrection;
  let variance = square - mean * mean;
  let noise = select(0.0, sqrt(variance) / mean, variance > 1e-6 * square);
  return select(bitcast<u32>(noise), noNumber, mean == 0.0);
}

// Whether a weight has no number because it is cut.
fn isCut(i: u32) -> bool { return tint.cutToo == 0u && classOf(i) >= 4u; }

fn isNumber(bits: u32) -> bool { return (bits & 0x7f800000u) != 0x7f800000u; }
