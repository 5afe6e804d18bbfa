import { uniformStruct } from './uniformStruct'

/** The uniform block `difference`: a central difference of gradients along a direction. */
export const differenceStruct = uniformStruct('Difference', { length: 'u32', amount: 'f32', share: 'f32' })

/**
 * Length of the prunable part; how far along the direction, each way; factor on what a gradient adds to the curvature.
 */
export type Difference = ReturnType<typeof differenceStruct.read>

export interface CurvatureBuffers {
  /** Weights around which the difference is taken. */
  readonly initial: Float32Array
  /** The direction. */
  readonly moment1: Float32Array
  /** The gradient ahead, until that behind is taken from it: the difference of two near numbers has no rounding. */
  readonly moment2: Float32Array
  readonly grads: Float32Array
  readonly weights: Float32Array
  readonly curvature: Float32Array
}

/** Twin of `curvature` at `forth`: weights a step ahead. */
export function forth({ weights, initial, moment1 }: CurvatureBuffers, { length, amount }: Difference): void {
  for (let i = 0; i < length; i++) weights[i] = (initial[i] as number) + Math.fround(amount * (moment1[i] as number))
}

/** Twin at `back`: remembers the gradient ahead, then weights a step behind. */
export function back(
  { weights, initial, moment1, moment2, grads }: CurvatureBuffers,
  { length, amount }: Difference,
): void {
  for (let i = 0; i < length; i++) {
    moment2[i] = grads[i] as number
    weights[i] = (initial[i] as number) - Math.fround(amount * (moment1[i] as number))
  }
}

/** Twin at `home`: gathers the difference of both gradients, and puts the weights back, bit for bit. */
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
