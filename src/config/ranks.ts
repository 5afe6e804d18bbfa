/** Ranks that claim no more than the spread of repeated runs supports (docs/algorithms.md 3.1). */
import { summarise } from '../core/statistics'

/** An accuracy, and how sure it is. */
export interface Estimate {
  readonly mean: number
  /** Standard error of the mean, Infinity where nothing is known of it. */
  readonly error: number
  /** Degrees of freedom of the error. */
  readonly freedom: number
}

/**
 * The mean of accuracies over seeds. Its standard error is s / sqrt(n), but never less than that of as many independent
 * answers; with one seed it is the latter. The latter counts one right and one wrong answer more than there were
 * (Agresti & Caffo, 2000), so that 100 % of a few examples is not certain.
 * @param accuracies one a seed, shares of the held-out examples
 * @param held held-out examples, null where nobody knows how many
 * @returns null for no accuracy
 */
export function estimate(accuracies: readonly number[], held: number | null): Estimate | null {
  const summary = summarise(accuracies)
  if (!summary) return null
  const { n, mean, deviation } = summary
  const answers = held === null ? 0 : n * held
  const share = (mean * answers + 1) / (answers + 2)
  const sampling = answers > 0 ? Math.sqrt((share * (1 - share)) / (answers + 2)) : 0
  const spread = deviation === null ? 0 : deviation / Math.sqrt(n)
  // Seeds that agree to the last digit tell nothing either, where the number of examples is unknown.
  if (spread === 0 && sampling === 0) return { mean, error: Infinity, freedom: Infinity }
  return spread > sampling ? { mean, error: spread, freedom: n - 1 } : { mean, error: sampling, freedom: Infinity }
}

/** Whether `a` is above `b` by more than the half-width of Welch's 95 % interval of the difference. */
export function isAbove(a: Estimate, b: Estimate): boolean {
  const [u, v] = [a.error ** 2, b.error ** 2]
  if (u + v === Infinity) return false
  const freedom = (u + v) ** 2 / (u ** 2 / a.freedom + v ** 2 / b.freedom)
  return a.mean - b.mean > quantile(freedom) * Math.sqrt(u + v)
}

/**
 * The rank of each: one more than the number of others that are above it by more than the spread. "1" stands alone,
 * "1=" shares its rank, "–" has no accuracy.
 */
export function ranksOf(estimates: readonly (Estimate | null)[]): readonly string[] {
  const ranks = estimates.map((one) => one && 1 + estimates.filter((other) => other && isAbove(other, one)).length)
  return ranks.map((rank) =>
    rank === null ? '–' : `${rank}${ranks.filter((other) => other === rank).length > 1 ? '=' : ''}`,
  )
}

/** 97.5 % quantiles of Student's t with 1 to 30 degrees of freedom. */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

/**
 * The quantile of the whole number of degrees of freedom below; beyond 30 its expansion around the normal one (Hill,
 * 1970).
 */
function quantile(freedom: number): number {
  return (
    quantiles[Math.max(1, Math.floor(freedom)) - 1]
    ?? z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  )
}

/** The same quantile of the normal distribution. */
const z = 1.959964
