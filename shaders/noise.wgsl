// SEVEN's statistics of one weight (docs/algorithms.md 1.2): exponential means of |g| and g^2, and the running sum of
// |w g| * mean / root of mean square. The including kernel declares `step` and the three buffers.
fn gatherNoise(i: u32, w: f32, g: f32) {
  let a = abs(g);
  let mean = step.noiseMeanDecay * noiseMean[i] + step.noiseMeanRest * a;
  let square = step.noiseSquareDecay * noiseSquare[i] + step.noiseSquareRest * a * a;
  noiseMean[i] = mean;
  noiseSquare[i] = square;
  importance[i] += abs(w * a * (mean * step.noiseMeanCorrection) / (sqrt(square * step.noiseSquareCorrection) + 1e-9));
}

fn forgetNoise(i: u32) {
  noiseMean[i] = 0.0;
  noiseSquare[i] = 0.0;
  importance[i] = 0.0;
}
