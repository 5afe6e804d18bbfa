/** Sparsity and learning-rate schedules. Pure functions of the step. */

/**
 * Cubic sparsity ramp of Zhu & Gupta (arXiv:1710.01878, eq. 1) from 0 at `begin` to `final` at `end`, clipped outside.
 * The value at `end` is `final` exactly.
 */
export function cubic(step: number, begin: number, end: number, final: number): number {
  if (step >= end) return final
  if (step <= begin) return 0
  return final * (1 - (1 - (step - begin) / (end - begin)) ** 3)
}

/**
 * SEVEN's keep ratio after the update with 0-based index i of a window configured with n iterations:
 * r_i = k + (1 - k) (1 - (i + 1) / n)^3 with k = 1 - final sparsity (released code, strategies/pruner.py).
 */
export function sevenKeepRatio(i: number, n: number, sparsity: number): number {
  const k = 1 - sparsity
  return k + (1 - k) * (1 - (i + 1) / n) ** 3
}

/** Factor on the learning rate at 0-based `step` of `steps`: linear warm-up to 1, then the named decay towards 0. */
export function rateFactor(kind: string, step: number, steps: number, warmup: number): number {
  if (step < warmup) return (step + 1) / warmup
  const progress = steps > warmup ? (step - warmup) / (steps - warmup) : 1
  if (kind === 'cosine') return 0.5 * (1 + Math.cos(Math.PI * progress))
  if (kind === 'linear') return 1 - progress
  return 1
}
