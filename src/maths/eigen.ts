/**
 * Eigenvalues of symmetric matrices by Jacobi's rotations: slow, short, exact to rounding, the same bits everywhere.
 */

/** The i-th of `values`, the largest first, belongs to row i of `vectors` [size, size], which are orthonormal. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/** After so many sweeps, what is left beside the diagonal counts as rounding; convergence is quadratic. */
const most = 30

/** @param matrix symmetric, [size, size]; stays as it is */
export function eigenOf(matrix: Float64Array, size: number): Eigen {
  const a = Float64Array.from(matrix)
  const v = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0))
  const small = 1e-22 * a.reduce((sum, value) => sum + value * value, 0)
  for (let sweep = 0; sweep < most && offDiagonal(a, size) > small; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q)
  }
  return sorted(a, v, size)
}

/** Sum of squares above the diagonal. */
function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0
  for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) sum += (a[p * size + q] as number) ** 2
  return sum
}

/** Makes a_pq zero. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const off = a[p * size + q] as number
  if (off === 0) return
  const theta = ((a[q * size + q] as number) - (a[p * size + p] as number)) / (2 * off)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  turn(a, size, p, q, c, t * c)
  for (let k = 0; k < size; k++) {
    const x = a[k * size + p] as number
    const y = a[k * size + q] as number
    a[k * size + p] = c * x - t * c * y
    a[k * size + q] = t * c * x + c * y
  }
  turn(v, size, p, q, c, t * c)
}

/** Turns rows p and q. */
function turn(a: Float64Array, size: number, p: number, q: number, c: number, s: number): void {
  const [row, other] = [p * size, q * size]
  for (let k = 0; k < size; k++) {
    const x = a[row + k] as number
    const y = a[other + k] as number
    a[row + k] = c * x - s * y
    a[other + k] = s * x + c * y
  }
}

function sorted(a: Float64Array, v: Float64Array, size: number): Eigen {
  const value = (i: number) => a[i * (size + 1)] as number
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => value(j) - value(i) || i - j)
  const vectors = new Float64Array(size * size)
  order.forEach((from, to) => vectors.set(v.subarray(from * size, (from + 1) * size), to * size))
  return { values: Float64Array.from(order, value), vectors }
}
