import { eigenOf } from './eigen'

/**
 * Second-order Gaussian knockoffs (Candes et al., arXiv:1610.02351) in the principal components of data. With
 * covariance Sigma, a knockoff X~ of X has covariance Sigma too, and covariance Sigma - D with X. Components divided by
 * their deviations are uncorrelated: the smallest eigenvalue of their covariance is 1, so the equicorrelated s = min(1,
 * 2) = 1, and any s in (0, 1] does. In these coordinates X~ = (1 - s) X + N(0, 2 s - s^2). What lies outside the
 * components is the same in both: D is 0 there. In doubles.
 */

/** Directions along which rows differ most. */
export interface PrincipalAxes {
  /** [size] */
  readonly mean: Float64Array
  /** Orthonormal rows, [count, size]. */
  readonly axes: Float64Array
  /** Variance along each, [count], the largest first. */
  readonly variances: Float64Array
  /** Share of the variance of all rows that lies along these axes. */
  readonly share: number
}

/** Variance below this share of the largest is rounding. */
const least = 1e-10

/** @param rows each of `size` numbers @param most directions, fewer where rows have no more */
export function principalAxes(rows: readonly ArrayLike<number>[], size: number, most: number): PrincipalAxes {
  const mean = Float64Array.from(
    { length: size },
    (_, j) => rows.reduce((sum, row) => sum + (row[j] ?? 0), 0) / rows.length,
  )
  const centred = rows.map((row) => mean.map((m, j) => (row[j] ?? 0) - m))
  // Images have more pixels than there are images: eigenvectors u of X X^T give those of X^T X as X^T u.
  const { values, vectors } = eigenOf(products(centred), rows.length)
  const count = Math.min(most, values.findIndex((value) => value <= least * (values[0] ?? 0)) >>> 0, rows.length)
  const axes = new Float64Array(count * size)
  for (let k = 0; k < count; k++) {
    const norm = Math.sqrt(values[k] as number)
    centred.forEach((row, i) =>
      addTo(axes.subarray(k * size, (k + 1) * size), row, (vectors[k * rows.length + i] as number) / norm),
    )
  }
  const total = values.reduce((a, b) => a + b, 0)
  const kept = values.slice(0, count)
  return {
    mean,
    axes,
    variances: kept.map((value) => value / rows.length),
    share: total > 0 ? kept.reduce((a, b) => a + b, 0) / total : 0,
  }
}

/**
 * A knockoff of x, [size]. @param distance s in (0, 1]; 1 shares nothing with x along the axes @param normal draws from
 * N(0, 1)
 */
export function knockoffOf(
  x: ArrayLike<number>,
  { mean, axes, variances }: PrincipalAxes,
  distance: number,
  normal: () => number,
): Float64Array {
  const size = mean.length
  const made = Float64Array.from(x)
  const centred = mean.map((m, j) => (x[j] ?? 0) - m)
  variances.forEach((variance, k) => {
    const axis = axes.subarray(k * size, (k + 1) * size)
    addTo(made, axis, normal() * Math.sqrt((2 - distance) * distance * variance) - distance * dot(axis, centred))
  })
  return made
}

function products(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.length ** 2)
  rows.forEach((a, i) => {
    for (let j = 0; j <= i; j++) all[i * rows.length + j] = all[j * rows.length + i] = dot(a, rows[j] as Float64Array)
  })
  return all
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function addTo(into: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] as number) + factor * (from[i] as number)
}
