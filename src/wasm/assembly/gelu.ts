import { exp4 } from './exponential'

/**
 * Phi(x) = (1 + erf(x / sqrt 2)) / 2 by Abramowitz & Stegun 7.1.26, |error of erf| < 1.5e-7: the formula of
 * shaders/transformer/parts/normalCdf.wgsl. @param bell e^(-x^2 / 2)
 */
function normalCdf(x: v128, bell: v128): v128 {
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(0.70710678))
  const t = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(0.3275911), z)))
  let series = f32x4.sub(f32x4.mul(f32x4.splat(1.061405429), t), f32x4.splat(1.453152027))
  series = f32x4.add(f32x4.mul(series, t), f32x4.splat(1.421413741))
  series = f32x4.sub(f32x4.mul(series, t), f32x4.splat(0.284496736))
  series = f32x4.add(f32x4.mul(series, t), f32x4.splat(0.254829592))
  const half = f32x4.mul(f32x4.splat(0.5), f32x4.sub(f32x4.splat(1), f32x4.mul(f32x4.mul(series, t), bell)))
  const sign = v128.and(x, f32x4.splat(-0.0))
  return f32x4.add(f32x4.splat(0.5), v128.or(v128.and(half, i32x4.splat(0x7fffffff)), sign))
}

function bellOf(x: v128): v128 {
  return exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)))
}

/** y = x Phi(x), exact but for `normalCdf`: Hendrycks & Gimpel, arXiv:1606.08415. `y` may be `x`. */
export function gelu(x: usize, y: usize, length: i32): void {
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(x + 4 * i)
    v128.store(y + 4 * i, f32x4.mul(v, normalCdf(v, bellOf(v))))
  }
  for (let i = whole; i < length; i++) {
    const v = v128.load_splat<f32>(x + 4 * i)
    v128.store_lane<f32>(y + 4 * i, f32x4.mul(v, normalCdf(v, bellOf(v))), 0)
  }
}

/** `gelu`, and its slope Phi(x) + x phi(x). `y` may be `x`. */
export function geluSlope(x: usize, y: usize, slope: usize, length: i32): void {
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(x + 4 * i)
    const bell = bellOf(v)
    const cdf = normalCdf(v, bell)
    v128.store(y + 4 * i, f32x4.mul(v, cdf))
    v128.store(slope + 4 * i, slopeOf(v, bell, cdf))
  }
  for (let i = whole; i < length; i++) {
    const v = v128.load_splat<f32>(x + 4 * i)
    const bell = bellOf(v)
    const cdf = normalCdf(v, bell)
    v128.store_lane<f32>(y + 4 * i, f32x4.mul(v, cdf), 0)
    v128.store_lane<f32>(slope + 4 * i, slopeOf(v, bell, cdf), 0)
  }
}

function slopeOf(x: v128, bell: v128, cdf: v128): v128 {
  return f32x4.add(cdf, f32x4.mul(x, f32x4.mul(f32x4.splat(0.39894228), bell)))
}
