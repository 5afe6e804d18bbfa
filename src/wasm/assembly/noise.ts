import { four, Step } from './step'

/** SEVEN's statistics of |g| (docs/algorithms.md 1.2) as this gradient leaves them. @param a |g| of four weights */
export function noiseMeanAfter(a: v128, noiseMean: usize, step: usize): v128 {
  return f32x4.add(
    f32x4.mul(four(step, Step.noiseMeanDecay), v128.load(noiseMean)),
    f32x4.mul(four(step, Step.noiseMeanRest), a),
  )
}

/** The same for g squared. */
export function noiseSquareAfter(a: v128, noiseSquare: usize, step: usize): v128 {
  return f32x4.add(
    f32x4.mul(four(step, Step.noiseSquareDecay), v128.load(noiseSquare)),
    f32x4.mul(f32x4.mul(four(step, Step.noiseSquareRest), a), a),
  )
}

/** SEVEN's discount: the mean of |g| by the root of the mean of its square, both without the bias of their start. */
export function discount(mean: v128, square: v128, step: usize): v128 {
  const size = f32x4.sqrt(f32x4.mul(square, four(step, Step.noiseSquareCorrection)))
  return f32x4.div(f32x4.mul(mean, four(step, Step.noiseMeanCorrection)), f32x4.add(size, f32x4.splat(1e-9)))
}
