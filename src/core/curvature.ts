/** H g by differences of gradients (docs/algorithms.md 2.6), with a step that is chosen by an estimate of the error. */
import { normOf } from './statistics'

/** A central difference of gradients along the mean gradient. */
export interface Difference {
  /** How far weights move each way, in mean gradients. */
  readonly amount: number
  /** Factor on the difference of the two gradients in what is gathered. */
  readonly share: number
}

/**
 * Steps that are tried, as shares of the norm of the weights: how far all of them move along the gradient. Each is half
 * of the one before it. With large steps the gradient is not straight, with small ones rounding counts; the best step
 * differs a hundredfold between models.
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
 * Which of the tried steps the stencil should take: the one whose result differs least from that of half the step. That
 * difference estimates the error, whether it comes from s^4 or from rounding.
 * @param differences D of every tried step, largest first
 * @returns index of the stencil's s among the tried steps; at least 1, since 2 s was tried, too
 */
export function steadiest(differences: readonly Float32Array[]): number {
  const results = differences
    .slice(1)
    .map((near, i) => near.map((value, k) => (4 * value - (differences[i]?.[k] ?? 0)) / 3))
  const doubts = results.slice(1).map((finer, i) => normOf(finer.map((value, k) => value - (results[i]?.[k] ?? 0))))
  // A step that gives numbers that are not finite is in as much doubt as any other.
  const counted = doubts.map((doubt) => (Number.isNaN(doubt) ? Infinity : doubt))
  return counted.indexOf(Math.min(...counted)) + 1
}
