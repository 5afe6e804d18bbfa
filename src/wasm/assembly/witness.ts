import { four, free, keptLanes, Step } from './step'

/** Twin of `witness` in shaders/witness.ts. @param gradientNorm not 0 */
export function witness(
  weights: usize,
  grads: usize,
  mask: usize,
  noiseMean: usize,
  noiseSquare: usize,
  steady: usize,
  peak: usize,
  step: usize,
  gradientNorm: f32,
): void {
  const all = load<i32>(step + Step.pruned) === free
  for (let i = 0, length = load<i32>(step + Step.prunableLength); i < length; i += 4) {
    const at: usize = 4 * i
    const w = v128.load(weights + at)
    let alive = keptLanes(mask, i)
    if (all) alive = v128.or(alive, f32x4.ne(w, f32x4.splat(0)))
    if (!v128.any_true(alive)) continue
    const a = f32x4.abs(v128.load(grads + at))
    const share = f32x4.mul(f32x4.abs(w), f32x4.div(a, f32x4.splat(gradientNorm)))
    const discounted = f32x4.mul(share, ratio(a, noiseMean + at, noiseSquare + at, step))
    const before = v128.load(steady + at)
    const mean = f32x4.add(before, f32x4.mul(f32x4.sub(discounted, before), four(step, Step.witnessShare)))
    v128.store(steady + at, v128.bitselect(mean, before, alive))
    const top = v128.load(peak + at)
    v128.store(peak + at, v128.bitselect(f32x4.max(top, share), top, alive))
  }
}

/** SEVEN's discount, of the statistics as this gradient will leave them. */
function ratio(a: v128, noiseMean: usize, noiseSquare: usize, step: usize): v128 {
  const mean = f32x4.add(
    f32x4.mul(four(step, Step.noiseMeanDecay), v128.load(noiseMean)),
    f32x4.mul(four(step, Step.noiseMeanRest), a),
  )
  const square = f32x4.add(
    f32x4.mul(four(step, Step.noiseSquareDecay), v128.load(noiseSquare)),
    f32x4.mul(f32x4.mul(four(step, Step.noiseSquareRest), a), a),
  )
  const size = f32x4.sqrt(f32x4.mul(square, four(step, Step.noiseSquareCorrection)))
  return f32x4.div(f32x4.mul(mean, four(step, Step.noiseMeanCorrection)), f32x4.add(size, f32x4.splat(1e-9)))
}
