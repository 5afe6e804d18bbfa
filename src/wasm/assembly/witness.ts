import { discount, noiseMeanAfter, noiseSquareAfter } from './noise'
import { four, free, keptLanes, Step } from './step'
import { begin, end, endPart, jobArguments, partBegin, partsOf, takePart } from './threads'

/** What `witness` is as a job of several threads. */
export const witnessJob: i32 = 6

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
  const length = load<i32>(step + Step.prunableLength)
  const parts = partsOf(30.0 * length, length / 1024)
  if (parts <= 1) {
    look(weights, grads, mask, noiseMean, noiseSquare, steady, peak, step, gradientNorm, 0, length)
    return
  }
  const to = jobArguments()
  store<usize>(to, weights)
  store<usize>(to, grads, 4)
  store<usize>(to, mask, 8)
  store<usize>(to, noiseMean, 12)
  store<usize>(to, noiseSquare, 16)
  store<usize>(to, steady, 20)
  store<usize>(to, peak, 24)
  store<usize>(to, step, 28)
  store<f32>(to, gradientNorm, 32)
  begin(witnessJob, parts)
  for (let taken = takePart(); taken >= 0; taken = takePart()) {
    witnessPart(to, taken >>> 16, parts)
    endPart(parts)
  }
  end(parts)
}

export function witnessPart(from: usize, part: i32, parts: i32): void {
  const step = load<usize>(from, 28)
  const length = load<i32>(step + Step.prunableLength)
  look(
    load<usize>(from),
    load<usize>(from, 4),
    load<usize>(from, 8),
    load<usize>(from, 12),
    load<usize>(from, 16),
    load<usize>(from, 20),
    load<usize>(from, 24),
    step,
    load<f32>(from, 32),
    partBegin(length, part, parts, 32),
    partBegin(length, part + 1, parts, 32),
  )
}

/** Weights `first` to `last`, multiples of four, in this thread. */
function look(
  weights: usize,
  grads: usize,
  mask: usize,
  noiseMean: usize,
  noiseSquare: usize,
  steady: usize,
  peak: usize,
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
    const after = f32x4.add(before, f32x4.mul(f32x4.sub(discounted, before), four(step, Step.witnessShare)))
    v128.store(steady + at, v128.bitselect(after, before, alive))
    const top = v128.load(peak + at)
    v128.store(peak + at, v128.bitselect(f32x4.max(top, sensitivity), top, alive))
  }
}
