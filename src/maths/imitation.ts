/**
 * Greedy forward selection by local imitation (docs/algorithms.md 2.18): units are added one by one to an empty layer,
 * so that its outputs stay close to those of the whole layer. With unit j's output scaled by D a_j, the a_j summing to
 * 1, and Q_ij the sum over calibration rows of the products of what units i and j add, the squares that are lost are
 * c^T Q c, c = 1 - D a. All in doubles.
 */

/** What is chosen of a layer. */
export interface Selection {
  /** Share a_j of each unit, summing to 1; 0 for those left out. */
  readonly shares: Float64Array
  /** Squares lost, as a share of the squares of the whole layer's outputs. */
  readonly lost: number
}

export interface SelectionLimits {
  /** Units to choose, at most. */
  readonly count: number
  /** Stops as soon as the share of the squares that is lost is no larger than this. */
  readonly tolerance: number
  /** The units to try at a step. @param open those that may be tried */
  candidates(open: readonly number[]): readonly number[]
}

/** After so many steps for each unit asked for, only new units are added. */
const patience = 8

/**
 * Frank-Wolfe steps a <- (1 - 1/(n+1)) a + e_j/(n+1), each with the best candidate; ties to the lowest index. @param q
 * [size, size]
 */
export function selectForward(q: Float64Array, size: number, limits: SelectionLimits): Selection {
  const count = Math.min(limits.count, size)
  const state = new ForwardState(q, size)
  const every = [...state.shares.keys()]
  const isNew = (j: number) => state.shares[j] === 0
  let chosen = 0
  for (let n = 0; chosen < count; n++) {
    const tried = limits.candidates(n < patience * count ? every : every.filter(isNew))
    const best = tried.reduce((a, b) => (better(state.lossWith(b, n), b, state.lossWith(a, n), a) ? b : a))
    if (isNew(best)) chosen++
    state.add(best, n)
    if (state.lost <= limits.tolerance) break
  }
  return { shares: state.shares, lost: state.lost }
}

function better(loss: number, j: number, other: number, i: number): boolean {
  return loss < other || (loss === other && j < i)
}

/** Shares so far, and Q c, so that trying a unit costs nothing and adding one a row of Q. */
class ForwardState {
  readonly shares: Float64Array
  private readonly ones: Float64Array
  private readonly total: number
  /** Q c. */
  private gradient: Float64Array
  /** c^T Q c. */
  private loss: number

  constructor(
    private readonly q: Float64Array,
    private readonly size: number,
  ) {
    this.shares = new Float64Array(size)
    this.ones = Float64Array.from({ length: size }, (_, i) => sum(q.subarray(i * size, (i + 1) * size)))
    this.total = sum(this.ones)
    this.gradient = this.ones
    this.loss = this.total
  }

  /** Squares lost over all squares; 0 where there are none. */
  get lost(): number {
    return this.total > 0 ? Math.max(0, this.loss) / this.total : 0
  }

  /** c^T Q c if step n adds unit j: c becomes s c + t u with u = 1 - D e_j. */
  lossWith(j: number, n: number): number {
    const [s, t] = factors(n)
    const { q, size, ones, total, gradient, loss, shares } = this
    const old = n === 0 ? total : total - size * dot(ones, shares)
    const cross = old - size * (gradient[j] as number)
    const own = total - 2 * size * (ones[j] as number) + size * size * (q[j * size + j] as number)
    return s * s * loss + 2 * s * t * cross + t * t * own
  }

  add(j: number, n: number): void {
    const [s, t] = factors(n)
    const { q, size, ones, gradient, shares } = this
    this.loss = this.lossWith(j, n)
    this.gradient = gradient.map((g, i) => s * g + t * ((ones[i] as number) - size * (q[j * size + i] as number)))
    for (let i = 0; i < size; i++) shares[i] = s * (shares[i] as number)
    shares[j] = (shares[j] as number) + t
  }
}

function factors(n: number): [old: number, fresh: number] {
  return [n / (n + 1), 1 / (n + 1)]
}

function sum(numbers: Float64Array): number {
  return numbers.reduce((a, b) => a + b, 0)
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, x, i) => total + x * (b[i] as number), 0)
}

/**
 * Q of a layer whose units leave by runs of rows of a matrix: Q_ab = sum over rows i of unit a and j of unit b of G_ij
 * (W W^T)_ij.
 * @param gram G, sums of x_i x_j over what enters the matrix, [inputs, inputs]
 * @param weights W, [inputs, outputs]
 */
export function unitProducts(gram: Float64Array, weights: Float32Array, inputs: number, units: number): Float64Array {
  const outputs = weights.length / inputs
  const run = inputs / units
  const q = new Float64Array(units * units)
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j <= i; j++) {
      let product = 0
      for (let k = 0; k < outputs; k++)
        product += (weights[i * outputs + k] as number) * (weights[j * outputs + k] as number)
      const part = product * (gram[i * inputs + j] as number)
      const [a, b] = [Math.floor(i / run), Math.floor(j / run)]
      q[a * units + b] = (q[a * units + b] as number) + part
      if (i !== j) q[b * units + a] = (q[b * units + a] as number) + part
    }
  }
  return q
}
