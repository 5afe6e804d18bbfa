import { exp4, max4, sum4 } from './exponential'
import { product } from './product'

/** Keys that hold padding get this added to their logits: exp() of it is 0 in float32, and it is finite. */
const ignored: f32 = -1e9

/**
 * Multi-head softmax(q k^T / sqrt(size)) v, head by head: y [batch, tokens, heads size]. Query, key and value lie
 * beside each other in each row of `stacked` [batch, tokens, 3 heads size]. Keys whose id in `ids` [batch, tokens] is 0
 * are ignored; `ids` may be 0.
 * @param kept probabilities, rows of a multiple of four: of every head [batch, heads, tokens, padded], or of one at a
 * time where `keep` is 0
 */
export function attention(
  stacked: usize,
  ids: usize,
  y: usize,
  kept: usize,
  keep: bool,
  batch: i32,
  tokens: i32,
  heads: i32,
  size: i32,
  scratch: usize,
): void {
  const width = 4 * heads * size
  const row = 3 * width
  const pRow = 4 * ((tokens + 3) & ~3)
  const scale: f32 = <f32>1 / sqrt<f32>(<f32>size)
  let p = kept
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const q = stacked + <usize>b * tokens * row + 4 * h * size
      product(q, row, 4, q + width, 4, row, p, pRow, tokens, tokens, size, false, scratch)
      const real = ids ? ids + 4 * b * tokens : 0
      for (let i = 0; i < tokens; i++) softmax(p + <usize>i * pRow, real, tokens, scale)
      const to = y + <usize>b * tokens * width + 4 * h * size
      product(p, pRow, 4, q + 2 * width, row, 4, to, width, tokens, size, tokens, false, scratch)
      if (keep) p += <usize>tokens * pRow
    }
  }
}

/** Softmax of scale x over a row of logits, padded to a multiple of four with zeros. */
function softmax(x: usize, ids: usize, length: i32, scale: f32): void {
  const padded = (length + 3) & ~3
  for (let i = length; i < padded; i++) store<f32>(x + 4 * i, -Infinity)
  let largest = f32x4.splat(-Infinity)
  for (let i = 0; i < padded; i += 4) {
    const logit = f32x4.mul(v128.load(x + 4 * i), f32x4.splat(scale))
    v128.store(x + 4 * i, logit)
  }
  if (ids)
    for (let i = 0; i < length; i++) if (!load<i32>(ids + 4 * i)) store<f32>(x + 4 * i, load<f32>(x + 4 * i) + ignored)
  for (let i = 0; i < padded; i += 4) largest = f32x4.max(largest, v128.load(x + 4 * i))
  const top = f32x4.splat(max4(largest))
  let sums = f32x4.splat(0)
  for (let i = 0; i < padded; i += 4) {
    const power = exp4(f32x4.sub(v128.load(x + 4 * i), top))
    v128.store(x + 4 * i, power)
    sums = f32x4.add(sums, power)
  }
  const share = f32x4.splat(<f32>1 / sum4(sums))
  for (let i = 0; i < padded; i += 4) v128.store(x + 4 * i, f32x4.mul(v128.load(x + 4 * i), share))
}

/**
 * The gradient of `attention` by `stacked`. @param kept probabilities of every head
 * @param own memory for the gradient of one head's probabilities, [tokens, padded]
 */
export function attentionGradient(
  stacked: usize,
  kept: usize,
  yGrad: usize,
  stackedGrad: usize,
  batch: i32,
  tokens: i32,
  heads: i32,
  size: i32,
  own: usize,
  scratch: usize,
): void {
  const width = 4 * heads * size
  const row = 3 * width
  const pRow = 4 * ((tokens + 3) & ~3)
  const scale: f32 = <f32>1 / sqrt<f32>(<f32>size)
  let p = kept
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const at = <usize>b * tokens * row + 4 * h * size
      const q = stacked + at
      const qGrad = stackedGrad + at
      const dy = yGrad + <usize>b * tokens * width + 4 * h * size
      product(p, 4, pRow, dy, width, 4, qGrad + 2 * width, row, tokens, size, tokens, false, scratch)
      product(dy, width, 4, q + 2 * width, 4, row, own, pRow, tokens, tokens, size, false, scratch)
      for (let i = 0; i < tokens; i++) softmaxGradient(p + <usize>i * pRow, own + <usize>i * pRow, tokens, scale)
      product(own, pRow, 4, q + width, row, 4, qGrad, row, tokens, size, tokens, false, scratch)
      product(own, 4, pRow, q, row, 4, qGrad + width, row, tokens, size, tokens, false, scratch)
      p += <usize>tokens * pRow
    }
  }
}

/** g becomes the gradient by the logits of a row: scale p (g - sum(p g)). */
function softmaxGradient(p: usize, g: usize, length: i32, scale: f32): void {
  const padded = (length + 3) & ~3
  for (let i = length; i < padded; i++) store<f32>(g + 4 * i, 0)
  let sums = f32x4.splat(0)
  for (let i = 0; i < padded; i += 4) sums = f32x4.add(sums, f32x4.mul(v128.load(p + 4 * i), v128.load(g + 4 * i)))
  const sum = f32x4.splat(sum4(sums))
  for (let i = 0; i < padded; i += 4) {
    const slope = f32x4.mul(v128.load(p + 4 * i), f32x4.sub(v128.load(g + 4 * i), sum))
    v128.store(g + 4 * i, f32x4.mul(slope, f32x4.splat(scale)))
  }
}
