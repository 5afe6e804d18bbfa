// SEVEN's statistics of four weights (docs/algorithms.md 1.2): exponential means of |g| and g^2, and the running sum of
// |w g| * mean / root of mean square. Statistics that are not gathered become 0, or stay. The including kernel declares
// `step` and the three buffers.
fn gatherNoise(i: u32, w: vec4f, g: vec4f, gathered: vec4<bool>, forget: bool) {
  let a = abs(g);
  let before = array(noiseMean[i], noiseSquare[i], importance[i]);
  let mean = step.noiseMeanDecay * before[0] + step.noiseMeanRest * a;
  let square = step.noiseSquareDecay * before[1] + step.noiseSquareRest * a * a;
  let share = abs(w * a * (mean * step.noiseMeanCorrection) / (sqrt(square * step.noiseSquareCorrection) + 1e-9));
  noiseMean[i] = select(select(before[0], vec4f(), forget), mean, gathered);
  noiseSquare[i] = select(select(before[1], vec4f(), forget), square, gathered);
  importance[i] = select(select(before[2], vec4f(), forget), before[2] + share, gathered);
}
