import { discount, noiseMeanAfter, noiseSquareAfter } from './noise'
import { four, free, keptLanes, Step } from './step'

/**
 * Twin of `witness` in shaders/train/witness.ts, of the weights `first` to `last`, multiples of four.
 * @param gradientNorm not 0
 */
export function witness(
  weights: usize,
  grads: usize,
  mask: usize,
  noiseMean: usize,
  noiseSquare: usize,
  steady: usize,
  peak: usize,
  sensed: usize,
  step: usize,
  gradientNorm: f32,
  first: i32,
  last: i32,
): void {
  const all = load<i32>(step + Step.pruned) === free
  for (let i = first; i < last; i += 4) {
    const at: usize = 4 * i
    const w = v128.load(weights + at)
    let alive = keptLanes(mask, i)
    if (all) alive = v128.or(alive, f32x4.ne(w, f32x4.splat(0)))
    if (!v128.any_true(alive)) continue
    const a = f32x4.abs(v128.load(grads + at))
    const sensitivity = f32x4.mul(f32x4.abs(w), f32x4.div(a, f32x4.splat(gradientNorm)))
    const mean = noiseMeanAfter(a, noiseMean + at, step)
    const square = noiseSquareAfter(a, noiseSquare + at, step)
    const discounted = f32x4.mul(sensitivity, discount(mean, square, step))
    const before = v128.load(steady + at)
    v128.store(steady + at, v128.bitselect(towards(before, discounted, step), before, alive))
    const top = v128.load(peak + at)
    v128.store(peak + at, v128.bitselect(f32x4.max(top, sensitivity), top, alive))
    const plain = v128.load(sensed + at)
    v128.store(sensed + at, v128.bitselect(towards(plain, sensitivity, step), plain, alive))
  }
}

/** A mean with one more value. */
function towards(mean: v128, value: v128, step: usize): v128 {
  return f32x4.add(mean, f32x4.mul(f32x4.sub(value, mean), four(step, Step.witnessShare)))
}
