import { sum4 } from './exponential'

/**
 * y = (x - mean) / sqrt(variance + epsilon) scale + shift, row by row of x [rows, width]; the variance is that of the
 * centred row. `moments` [rows, 2] keeps the mean and 1 / sqrt(variance + epsilon).
 */
export function layerNorm(
  x: usize,
  scale: usize,
  shift: usize,
  y: usize,
  moments: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  for (let r = 0; r < rows; r++) {
    const mean = sumOf(x, width) / <f32>width
    const inverse: f32 = <f32>1 / sqrt<f32>(squaresOf(x, mean, width) / <f32>width + epsilon)
    normalise(x, scale, shift, y, mean, inverse, width)
    store<f32>(moments, mean)
    store<f32>(moments, inverse, 4)
    moments += 8
    x += 4 * width
    y += 4 * width
  }
}

function sumOf(x: usize, width: i32): f32 {
  const whole = width & ~3
  let sums = f32x4.splat(0)
  for (let i = 0; i < whole; i += 4) sums = f32x4.add(sums, v128.load(x + 4 * i))
  let sum = sum4(sums)
  for (let i = whole; i < width; i++) sum += load<f32>(x + 4 * i)
  return sum
}

function squaresOf(x: usize, mean: f32, width: i32): f32 {
  const whole = width & ~3
  let sums = f32x4.splat(0)
  for (let i = 0; i < whole; i += 4) {
    const centred = f32x4.sub(v128.load(x + 4 * i), f32x4.splat(mean))
    sums = f32x4.add(sums, f32x4.mul(centred, centred))
  }
  let sum = sum4(sums)
  for (let i = whole; i < width; i++) {
    const centred = load<f32>(x + 4 * i) - mean
    sum += centred * centred
  }
  return sum
}

function normalise(x: usize, scale: usize, shift: usize, y: usize, mean: f32, inverse: f32, width: i32): void {
  const whole = width & ~3
  for (let i = 0; i < whole; i += 4) {
    const unit = f32x4.mul(f32x4.sub(v128.load(x + 4 * i), f32x4.splat(mean)), f32x4.splat(inverse))
    v128.store(y + 4 * i, f32x4.add(f32x4.mul(unit, v128.load(scale + 4 * i)), v128.load(shift + 4 * i)))
  }
  for (let i = whole; i < width; i++) {
    const unit = (load<f32>(x + 4 * i) - mean) * inverse
    store<f32>(y + 4 * i, unit * load<f32>(scale + 4 * i) + load<f32>(shift + 4 * i))
  }
}

/**
 * Gradients of x, scale and shift. With u the normalised row and s = yGrad scale, xGrad = (s - mean(s) - u mean(s u)) /
 * sqrt(variance + epsilon); those of scale and shift add up row by row.
 */
export function layerNormGradient(
  x: usize,
  scale: usize,
  moments: usize,
  yGrad: usize,
  xGrad: usize,
  scaleGrad: usize,
  shiftGrad: usize,
  rows: i32,
  width: i32,
): void {
  memory.fill(scaleGrad, 0, 4 * width)
  memory.fill(shiftGrad, 0, 4 * width)
  for (let r = 0; r < rows; r++) {
    gradientOfRow(x, scale, load<f32>(moments), load<f32>(moments, 4), yGrad, xGrad, scaleGrad, shiftGrad, width)
    moments += 8
    x += 4 * width
    yGrad += 4 * width
    xGrad += 4 * width
  }
}

function gradientOfRow(
  x: usize,
  scale: usize,
  mean: f32,
  inverse: f32,
  yGrad: usize,
  xGrad: usize,
  scaleGrad: usize,
  shiftGrad: usize,
  width: i32,
): void {
  const whole = width & ~3
  let sums = f32x4.splat(0)
  let products = f32x4.splat(0)
  for (let i = 0; i < whole; i += 4) {
    const g = v128.load(yGrad + 4 * i)
    const unit = f32x4.mul(f32x4.sub(v128.load(x + 4 * i), f32x4.splat(mean)), f32x4.splat(inverse))
    const s = f32x4.mul(g, v128.load(scale + 4 * i))
    const gu = f32x4.mul(g, unit)
    sums = f32x4.add(sums, s)
    products = f32x4.add(products, f32x4.mul(s, unit))
    v128.store(scaleGrad + 4 * i, f32x4.add(v128.load(scaleGrad + 4 * i), gu))
    v128.store(shiftGrad + 4 * i, f32x4.add(v128.load(shiftGrad + 4 * i), g))
  }
  let sum = sum4(sums)
  let dot = sum4(products)
  for (let i = whole; i < width; i++) {
    const g = load<f32>(yGrad + 4 * i)
    const unit = (load<f32>(x + 4 * i) - mean) * inverse
    const s = g * load<f32>(scale + 4 * i)
    sum += s
    dot += s * unit
    store<f32>(scaleGrad + 4 * i, load<f32>(scaleGrad + 4 * i) + g * unit)
    store<f32>(shiftGrad + 4 * i, load<f32>(shiftGrad + 4 * i) + g)
  }
  sum /= <f32>width
  dot /= <f32>width
  for (let i = 0; i < whole; i += 4) {
    const unit = f32x4.mul(f32x4.sub(v128.load(x + 4 * i), f32x4.splat(mean)), f32x4.splat(inverse))
    const s = f32x4.mul(v128.load(yGrad + 4 * i), v128.load(scale + 4 * i))
    const rest = f32x4.sub(f32x4.sub(s, f32x4.splat(sum)), f32x4.mul(unit, f32x4.splat(dot)))
    v128.store(xGrad + 4 * i, f32x4.mul(rest, f32x4.splat(inverse)))
  }
  for (let i = whole; i < width; i++) {
    const unit = (load<f32>(x + 4 * i) - mean) * inverse
    const s = load<f32>(yGrad + 4 * i) * load<f32>(scale + 4 * i)
    store<f32>(xGrad + 4 * i, (s - sum - unit * dot) * inverse)
  }
}
