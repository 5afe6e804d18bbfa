/**
 * About how a method's score of a weight follows from two of its numbers: its mean sensitivity |w g|, and the noise of
 * its gradient. The score is about (sensitivity x discount(noise)) ^ power, in units of the method's own.
 */
export interface Weighing {
  readonly discount: (noise: number) => number
  /** 1 unless given. */
  readonly power?: number
  /** What this leaves out, in one or two sentences for the page. */
  readonly leavesOut: string
}

/** Noise counts for nothing: equal scores lie on a straight line, as SNIP's do. */
export const plainly = (): number => 1

/**
 * Noise counts against a weight, as in SEVEN: the mean of |g| over the root of the mean of g^2 is 1 / sqrt(1 + CV^2).
 */
export const steadily = (noise: number): number => 1 / Math.hypot(1, noise)

/**
 * The noise of a weight's gradient over all batches that count: the coefficient of variation at which `steadily` turns
 * its mean sensitivity into its importance, exactly. Null where it never mattered.
 */
export function spreadOf(sensitivity: number, importance: number): number | null {
  if (!(importance > 0) || !Number.isFinite(sensitivity)) return null
  return Math.sqrt(Math.max(0, (sensitivity / importance) ** 2 - 1))
}

/** The mean sensitivity of a weight with this importance and this noise. */
export function sensitivityOf(importance: number, spread: number): number {
  return importance * Math.hypot(1, spread)
}
