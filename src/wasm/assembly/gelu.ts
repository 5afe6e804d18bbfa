import { exp4 } from './exponential'
import { begin, end, endPart, jobArguments, partBegin, partsOf, takePart } from './threads'

/** What `geluSlope` is as a job of several threads. */
export const geluSlopeJob: i32 = 4

/**
 * Phi(x) = (1 + erf(x / sqrt 2)) / 2 by Abramowitz & Stegun 7.1.26, |error of erf| < 1.5e-7: the formula of
 * shaders/transformer/normalCdf.wgsl. @param bell e^(-x^2 / 2)
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
  const parts = partsOf(40.0 * length, length / 64)
  if (parts <= 1) {
    slopes(x, y, slope, length)
    return
  }
  const to = jobArguments()
  store<usize>(to, x)
  store<usize>(to, y, 4)
  store<usize>(to, slope, 8)
  store<i32>(to, length, 12)
  begin(geluSlopeJob, parts)
  for (let taken = takePart(); taken >= 0; taken = takePart()) {
    geluSlopePart(to, taken >>> 16, parts)
    endPart(parts)
  }
  end(parts)
}

export function geluSlopePart(from: usize, part: i32, parts: i32): void {
  const length = load<i32>(from, 12)
  const first = partBegin(length, part, parts, 16)
  const at: usize = 4 * first
  const count = partBegin(length, part + 1, parts, 16) - first
  slopes(load<usize>(from) + at, load<usize>(from, 4) + at, load<usize>(from, 8) + at, count)
}

/** `geluSlope` in this thread. */
function slopes(x: usize, y: usize, slope: usize, length: i32): void {
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
