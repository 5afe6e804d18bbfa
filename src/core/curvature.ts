/** H g by differences of gradients (docs/algorithms.md 2.6), with a step that is chosen by an estimate of the error. */
import { normOf } from './statistics'

/** A central difference of gradients along the mean gradient. */
export interface Difference {
  /** Mean gradients that weights move, each way. */
  readonly amount: number
  /** Factor on the difference of the two gradients in what is gathered. */
  readonly share: number
}

/**
 * Steps that are tried, as shares of the norm of the weights: how far all of them move along the gradient. Each is half
 * of the one before it. Large steps lose to what is not straight in the gradient, small ones to rounding; models differ
 * a hundredfold in where.
 */
export const triedShares: readonly number[] = Array.from({ length: 9 }, (_, i) => 2 ** (-5 - i))

/**
 * Gradients that H g over so many batches costs: g itself, the tries on one batch, and the two differences of the
 * stencil.
 */
export function passesOfCurvature(batches: number): number {
  return batches + 2 * triedShares.length + 4 * batches
}

/**
 * The fourth-order stencil: H g = 4/3 D(s) - 1/3 D(2 s) with D(s) = (G(w + s g) - G(w - s g)) / (2 s), off by terms of
 * s^4 alone.
 * @param step s, along the mean gradient
 * @param batches over which the differences are averaged
 */
export function stencil(step: number, batches: number): readonly Difference[] {
  return [
    { amount: step, share: 2 / (3 * step * batches) },
    { amount: 2 * step, share: -1 / (12 * step * batches) },
  ]
}

/**
 * Which of the tried steps the stencil should take: the one whose result differs least from that of half the step. What
 * it differs by estimates the error, whether the s^4 or rounding makes it.
 * @param differences D of every tried step, largest first
 * @returns index of the stencil's s among the tried steps; at least 1, since 2 s was tried, too
 */
export function steadiest(differences: readonly Float32Array[]): number {
  const results = differences
    .slice(1)
    .map((near, i) => near.map((value, k) => (4 * value - (differences[i]?.[k] ?? 0)) / 3))
  const doubts = results.slice(1).map((finer, i) => normOf(finer.map((value, k) => value - (results[i]?.[k] ?? 0))))
  // A step that leads out of the numbers is in no less doubt than any other.
  const counted = doubts.map((doubt) => (Number.isNaN(doubt) ? Infinity : doubt))
  return counted.indexOf(Math.min(...counted)) + 1
}
