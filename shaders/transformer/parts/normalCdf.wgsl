// Phi(x) = (1 + erf(x / sqrt 2)) / 2 by Abramowitz & Stegun 7.1.26, |error of erf| < 1.5e-7; the same formula as in
// tfjs.
fn normalCdf(x: f32) -> f32 {
  let z = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  let tail = series * exp(-z * z);
  return 0.5 + 0.5 * sign(x) * (1.0 - tail);
}
