import { uniformStruct } from '../parts/uniformStruct'

/** The uniform block `difference`: a central difference of gradients along a direction. */
export const differenceStruct = uniformStruct('Difference', { length: 'u32', amount: 'f32', share: 'f32' })

/**
 * Length of the prunable part; how far along the direction, each way; factor on what a gradient adds to the curvature.
 */
export type Difference = ReturnType<typeof differenceStruct.read>

export interface CurvatureBuffers {
  /** The weights in the middle of the difference. */
  readonly initial: Float32Array
  /** The direction. */
  readonly moment1: Float32Array
  /**
   * The gradient at the step forward; then the one at the step back is subtracted: the difference of two near numbers
   * is exact.
   */
  readonly moment2: Float32Array
  readonly grads: Float32Array
  readonly weights: Float32Array
  readonly curvature: Float32Array
}

/** Twin of `curvature` at `forth`: moves the weights a step forward. */
export function forth({ weights, initial, moment1 }: CurvatureBuffers, { length, amount }: Difference): void {
  for (let i = 0; i < length; i++) weights[i] = (initial[i] as number) + Math.fround(amount * (moment1[i] as number))
}

/** Twin at `back`: remembers the gradient there, then moves the weights to a step back from their place. */
export function back(
  { weights, initial, moment1, moment2, grads }: CurvatureBuffers,
  { length, amount }: Difference,
): void {
  for (let i = 0; i < length; i++) {
    moment2[i] = grads[i] as number
    weights[i] = (initial[i] as number) - Math.fround(amount * (moment1[i] as number))
  }
}

/** Twin at `home`: gathers the difference of both gradients, and restores the weights bit for bit. */
export function home(
  { weights, initial, moment2, curvature, grads }: CurvatureBuffers,
  { length, share }: Difference,
): void {
  for (let i = 0; i < length; i++) {
    const difference = Math.fround((moment2[i] as number) - (grads[i] as number))
    curvature[i] = (curvature[i] as number) + Math.fround(share * difference)
    weights[i] = initial[i] as number
  }
}
