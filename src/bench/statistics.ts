/** What is made of repeated measurements. */

/**
 * Value below which a share of the numbers lies, between neighbours in proportion; NaN of none. @param share in [0, 1]
 */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN]
  return low + (high - low) * (at - Math.floor(at))
}

/** The middle of the numbers. */
export function middle(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** Distance between the quartiles: half of the numbers lie within so much of each other. */
export function spread(numbers: readonly number[]): number {
  return quantile(numbers, 0.75) - quantile(numbers, 0.25)
}

/** A measured point of a cost that grows. */
export interface Point {
  readonly x: number
  /** Milliseconds. */
  readonly ms: number
}

/** The exponent p of ms = c x^p that is nearest in logarithms (least squares); NaN of fewer than two different x. */
export function exponentOf(points: readonly Point[]): number {
  const xs = points.map((p) => Math.log(p.x))
  const ys = points.map((p) => Math.log(p.ms))
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length
  const [mx, my] = [mean(xs), mean(ys)]
  const product = xs.reduce((sum, x, i) => sum + (x - mx) * ((ys[i] ?? NaN) - my), 0)
  const square = xs.reduce((sum, x) => sum + (x - mx) ** 2, 0)
  return square > 0 ? product / square : NaN
}
