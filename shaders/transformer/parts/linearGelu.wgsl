// GELU x Phi(x), exact. `keep` stores its slope Phi(x) + x phi(x): the gradient needs nothing else.
fn activated(index: u32, value: f32) -> f32 {
  let cdf = normalCdf(value);
  keep(index, cdf + value * 0.39894228 * exp(-0.5 * value * value));
  return value * cdf;
}
