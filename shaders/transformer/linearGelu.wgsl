// GELU x Phi(x), exact. Keeps its slope Phi(x) + x phi(x): the gradient needs nothing else.
@group(0) @binding(5) var<storage, read_write> slope: array<f32>;

fn activated(index: u32, value: f32) -> f32 {
  let cdf = normalCdf(value);
  slope[index] = cdf + value * 0.39894228 * exp(-0.5 * value * value);
  return value * cdf;
}
