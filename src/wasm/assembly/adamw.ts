import { discount, noiseMeanAfter, noiseSquareAfter } from './noise'
import { four, held, keptLanes, left, Step } from './step'

/**
 * Twin of `adamw` in shaders/train/update.ts where no parameter is a gate: new weights, moments and noise statistics of
 * the parameters `first` to `last`, multiples of four. All parts of the arena are multiples of four long.
 */
export function adamw(
  weights: usize,
  grads: usize,
  moment1: usize,
  moment2: usize,
  mask: usize,
  noiseMean: usize,
  noiseSquare: usize,
  importance: usize,
  step: usize,
  clipFactor: f32,
  first: i32,
  last: i32,
): void {
  const prunable = load<i32>(step + Step.prunableLength)
  for (let i = first, end = min(last, prunable); i < end; i += 4) {
    const at: usize = 4 * i
    const pruned = load<i32>(step + Step.pruned)
    const kept = pruned === held || pruned === left ? keptLanes(mask, i) : i32x4.splat(-1)
    if (pruned === left && !v128.any_true(kept)) continue
    const g = v128.load(grads + at)
    const clipped = f32x4.mul(g, f32x4.splat(clipFactor))
    const m = firstMoment(moment1 + at, clipped, step)
    const v = secondMoment(moment2 + at, clipped, step)
    const w = next(weights + at, m, v, step, i)
    put(weights + at, w, kept, pruned)
    put(moment1 + at, m, kept, pruned)
    put(moment2 + at, v, kept, pruned)
    gatherNoise(noiseMean + at, noiseSquare + at, importance + at, w, g, kept, step)
  }
  for (let i = max(first, prunable); i < last; i += 4) {
    const at: usize = 4 * i
    const clipped = f32x4.mul(v128.load(grads + at), f32x4.splat(clipFactor))
    const m = firstMoment(moment1 + at, clipped, step)
    const v = plainSecondMoment(moment2 + at, clipped, step)
    v128.store(weights + at, next(weights + at, m, v, step, i))
    v128.store(moment1 + at, m)
    v128.store(moment2 + at, v)
  }
}

function firstMoment(moment: usize, clipped: v128, step: usize): v128 {
  return f32x4.add(f32x4.mul(four(step, Step.beta1), v128.load(moment)), f32x4.mul(four(step, Step.beta1Rest), clipped))
}

function plainSecondMoment(moment: usize, clipped: v128, step: usize): v128 {
  const square = f32x4.mul(f32x4.mul(four(step, Step.beta2Rest), clipped), clipped)
  return f32x4.add(f32x4.mul(four(step, Step.beta2), v128.load(moment)), square)
}

/** A weight that just came back has no history: its gradient stands for it. */
function secondMoment(moment: usize, clipped: v128, step: usize): v128 {
  const plain = plainSecondMoment(moment, clipped, step)
  if (!load<i32>(step + Step.regrows)) return plain
  const size = f32x4.div(clipped, four(step, Step.adamScale))
  return v128.bitselect(f32x4.mul(size, size), plain, f32x4.eq(v128.load(moment), f32x4.splat(0)))
}

function next(weight: usize, m: v128, v: v128, step: usize, i: i32): v128 {
  const decay = i < load<i32>(step + Step.decayLength) ? four(step, Step.decayFactor) : f32x4.splat(1)
  const rate = f32x4.mul(four(step, Step.adamRate), four(step, Step.weightPace))
  const size = f32x4.add(f32x4.mul(f32x4.sqrt(v), four(step, Step.adamScale)), four(step, Step.epsilon))
  return f32x4.sub(f32x4.mul(v128.load(weight), decay), f32x4.div(f32x4.mul(rate, m), size))
}

/** Stores what is kept; what is pruned becomes 0, or stays. */
function put(to: usize, value: v128, kept: v128, pruned: i32): void {
  v128.store(to, pruned === left ? v128.bitselect(value, v128.load(to), kept) : v128.and(value, kept))
}

/**
 * Gathers SEVEN's statistics and importance, with the unclipped gradient and the weights after the step.
 * @param kept lanes that take part; what is held loses its statistics, what is left keeps them
 */
function gatherNoise(
  noiseMean: usize,
  noiseSquare: usize,
  importance: usize,
  w: v128,
  g: v128,
  kept: v128,
  step: usize,
): void {
  const pruned = load<i32>(step + Step.pruned)
  const a = f32x4.abs(g)
  const mean = noiseMeanAfter(a, noiseMean, step)
  const square = noiseSquareAfter(a, noiseSquare, step)
  const more = f32x4.add(v128.load(importance), f32x4.abs(f32x4.mul(f32x4.mul(w, a), discount(mean, square, step))))
  put(noiseMean, mean, kept, pruned)
  put(noiseSquare, square, kept, pruned)
  put(importance, more, kept, pruned)
}
