/** Optimal brain surgeon on one matrix, as SparseGPT does it (Frantar & Alistarh, arXiv:2301.00774); all in doubles. */
import type { GroupGranularity } from '../../core/granularity'
import { Problem } from '../../core/problem'
import { byColumn, largest, largestOfGroups, share } from '../../core/ranking'

/** A matrix [inputs, outputs], row by row, and which of its weights are kept (1). */
export interface PrunedMatrix {
  readonly weights: Float64Array
  readonly mask: Uint8Array
}

/** Lets messages in; throws where the work was given up. */
export type Rest = () => Promise<void>

export interface SurgeonOptions {
  readonly inputs: number
  readonly outputs: number
  /** Examples whose rows were summed. */
  readonly examples: number
  /** Share of the mean of H's diagonal that is added to it. */
  readonly damping: number
  /** Inputs whose weights are ranked together, of all outputs. */
  readonly block: number
  /** Weights to keep. */
  readonly kept: number
  /** N of every M inputs of each output are kept; replaces `block` and `kept`. */
  readonly ratio?: GroupGranularity
  /** Larger keeps the weight. @param pivot U_ii of the weight's input */
  readonly score: (weight: number, pivot: number) => number
}

/**
 * Prunes inputs in order, block by block; later inputs make up for what an input loses.
 * @param gram sums of x_i x_j over the calibration rows, [inputs, inputs]
 * @param rest awaited between rows: a wide matrix takes many seconds; where it throws, so does this
 */
export async function operate(
  weights: Float32Array,
  gram: Float64Array,
  options: SurgeonOptions,
  rest?: Rest,
): Promise<PrunedMatrix> {
  const { inputs, outputs, ratio } = options
  const block = ratio?.of ?? options.block
  const w = Float64Array.from(weights)
  const mask = new Uint8Array(w.length)
  const upper = await surgeonFactor(gram, options, rest)
  for (let i = 0; i < inputs; i++) if (gram[i * inputs + i] === 0) w.fill(0, i * outputs, (i + 1) * outputs)
  for (let begin = 0; begin < inputs; begin += block) {
    const end = Math.min(begin + block, inputs)
    mask.set(choose(scoresOf(w, upper, begin, end, options), begin, end, options), begin * outputs)
    for (let i = begin; i < end; i++) {
      await rest?.()
      cutInput(w, mask, upper, i, options)
    }
  }
  return { weights: w, mask }
}

function choose(
  scores: Float32Array,
  begin: number,
  end: number,
  { inputs, outputs, kept, ratio }: SurgeonOptions,
): Uint8Array {
  if (ratio) return byColumn(scores, outputs, (column) => largestOfGroups(column, ratio))
  return largest(scores, share(kept, begin, end, inputs))
}

/** Scores of the weights from inputs [begin, end), row by row. */
function scoresOf(
  w: Float64Array,
  upper: Float64Array,
  begin: number,
  end: number,
  { inputs, outputs, score }: SurgeonOptions,
): Float32Array {
  return Float32Array.from({ length: (end - begin) * outputs }, (_, k) =>
    score(w[begin * outputs + k] ?? 0, upper[(begin + Math.floor(k / outputs)) * (inputs + 1)] ?? 0),
  )
}

/**
 * Zeroes the pruned weights of an input, and moves the weights of later inputs so that the layer's outputs change
 * least.
 */
function cutInput(
  w: Float64Array,
  mask: Uint8Array,
  upper: Float64Array,
  i: number,
  { inputs, outputs }: SurgeonOptions,
): void {
  const pivot = upper[i * inputs + i] as number
  const errors = new Float64Array(outputs)
  for (let k = 0; k < outputs; k++) {
    if (mask[i * outputs + k]) continue
    errors[k] = (w[i * outputs + k] as number) / pivot
    w[i * outputs + k] = 0
  }
  for (let j = i + 1; j < inputs; j++) {
    const factor = upper[i * inputs + j] as number
    if (factor === 0) continue
    for (let k = 0; k < outputs; k++)
      w[j * outputs + k] = (w[j * outputs + k] as number) - factor * (errors[k] as number)
  }
}

/**
 * U, upper triangular with U^T U = H^-1. With H = R R^T, R upper triangular, U = R^-1.
 * @throws Problem when H is not positive definite
 */
export async function surgeonFactor(
  gram: Float64Array,
  options: Pick<SurgeonOptions, 'inputs' | 'examples' | 'damping'>,
  rest?: Rest,
): Promise<Float64Array> {
  return invertUpper(await upperFactor(dampedHessian(gram, options), options.inputs, rest), options.inputs, rest)
}

/**
 * H in the order of the official code (IST-DASLab/sparsegpt): 2 / examples times the sums (examples, not the rows that
 * each of them has); then 1 on the diagonal of inputs that are always 0; then the damping. The 1 of a dead input is
 * part of the mean that damps, so with a dead input the scale of the others matters.
 */
function dampedHessian(
  gram: Float64Array,
  { inputs, examples, damping }: Pick<SurgeonOptions, 'inputs' | 'examples' | 'damping'>,
): Float64Array {
  const h = gram.map((sum) => (2 / examples) * sum)
  let mean = 0
  for (let i = 0; i < inputs; i++) {
    if (h[i * inputs + i] === 0) h[i * inputs + i] = 1
    mean += (h[i * inputs + i] as number) / inputs
  }
  for (let i = 0; i < inputs; i++) h[i * inputs + i] = (h[i * inputs + i] as number) + damping * mean
  return h
}

/** R, upper triangular with R R^T = h: Cholesky's algorithm from the last row up. */
async function upperFactor(h: Float64Array, size: number, rest?: Rest): Promise<Float64Array> {
  const r = new Float64Array(size * size)
  for (let i = size - 1; i >= 0; i--) {
    await rest?.()
    for (let j = size - 1; j >= i; j--) {
      let sum = h[i * size + j] as number
      for (let k = j + 1; k < size; k++) sum -= (r[i * size + k] as number) * (r[j * size + k] as number)
      r[i * size + j] = i === j ? root(sum) : sum / (r[j * size + j] as number)
    }
  }
  return r
}

function root(pivot: number): number {
  if (pivot > 0) return Math.sqrt(pivot)
  throw new Problem(
    'The inputs of a layer depend on each other so much that their Hessian cannot be inverted.',
    'Raise the damping, or calibrate on more batches.',
  )
}

async function invertUpper(r: Float64Array, size: number, rest?: Rest): Promise<Float64Array> {
  const u = new Float64Array(size * size)
  // Row i of U: (e_i - sum over k > i of r_ik times row k) / r_ii; rows after i are done.
  for (let i = size - 1; i >= 0; i--) {
    await rest?.()
    u[i * size + i] = 1
    for (let k = i + 1; k < size; k++) {
      const factor = r[i * size + k] as number
      for (let j = k; j < size; j++)
        u[i * size + j] = (u[i * size + j] as number) - factor * (u[k * size + j] as number)
    }
    const pivot = r[i * size + i] as number
    for (let j = i; j < size; j++) u[i * size + j] = (u[i * size + j] as number) / pivot
  }
  return u
}
