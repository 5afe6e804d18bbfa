/**
 * Mean and spread of repeated measurements; `deviation` is the sample standard deviation (n - 1), null for a single
 * one.
 */
export interface Summary {
  readonly n: number
  readonly mean: number
  readonly deviation: number | null
}

/**
 * Summary of numbers in any unit, null for none. Two passes: the deviation of accuracies that nearly agree keeps its
 * digits.
 */
export function summarise(values: readonly number[]): Summary | null {
  const n = values.length
  if (n === 0) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n === 1) return { n, mean, deviation: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { n, mean, deviation: Math.sqrt(squares / (n - 1)) }
}

/** Euclidean norm, added up in doubles. */
export function normOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}
