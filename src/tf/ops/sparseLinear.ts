/**
 * Linear layers over pruned weights, forward only: the weights that are left are written down one after another, and
 * nothing is multiplied by zero. Whether that is faster depends on the density and the device, so it is measured.
 */
import type { Nn } from '../../core/model'
import { bit } from '../../../shaders/bits'
import { specialise } from '../../../shaders/transformer'
import { sparseLinear, sparseShape, transpose } from '../../../shaders/transformer/sparse'
import { storageBuffer, write } from '../../gpu/buffers'
import { describe } from '../../gpu/device'
import type { ArenaBackend } from '../backend'
import { tf, type Tensor } from '../tfjs'
import { run } from './differentiable'

/** What is left of a matrix [fanIn, fanOut], output by output. */
export interface Compressed {
  readonly fanIn: number
  readonly fanOut: number
  /** First pair of every output, and behind the last: [fanOut + 1]. */
  readonly starts: Int32Array<ArrayBuffer>
  /** (input, bits of the value), input ascending within an output; at least one pair, so that it can be bound. */
  readonly pairs: Int32Array<ArrayBuffer>
}

/**
 * Compresses one matrix of the arena.
 * @param weights the whole arena; the matrix lies row by row at `offset`
 * @param mask bits of the whole prunable part
 */
export function compress(
  weights: Float32Array, mask: Uint32Array, { offset, shape }: { readonly offset: number; readonly shape: readonly number[] },
): Compressed {
  const [fanIn = 1, fanOut = 1] = shape
  const bits = new Int32Array(weights.buffer, weights.byteOffset, weights.length)
  const starts = new Int32Array(fanOut + 1)
  const pairs: number[] = []
  for (let output = 0; output < fanOut; output++) {
    for (let input = 0; input < fanIn; input++) {
      const at = offset + input * fanOut + output
      if (bit(mask, at)) pairs.push(input, bits[at] as number)
    }
    starts[output + 1] = pairs.length / 2
  }
  return { fanIn, fanOut, starts, pairs: Int32Array.from(pairs.length ? pairs : [0, 0]) }
}

/** A compressed matrix on the device. */
export interface SparseMatrix {
  readonly fanIn: number
  readonly fanOut: number
  readonly starts: Tensor
  readonly pairs: Tensor
  dispose(): void
}

/** Uploads a compressed matrix. @throws Problem when the device has no room for it */
export async function uploadSparse(backend: ArenaBackend, { fanIn, fanOut, starts, pairs }: Compressed): Promise<SparseMatrix> {
  const buffers = [await storageBuffer(backend.device, 'starts', starts.byteLength), await storageBuffer(backend.device, 'pairs', pairs.byteLength)] as const
  write(backend.device, buffers[0], starts)
  write(backend.device, buffers[1], pairs)
  const tensors = [backend.view(buffers[0], 0, [starts.length], 'int32'), backend.view(buffers[1], 0, [pairs.length], 'int32')] as const
  return {
    fanIn, fanOut, starts: tensors[0], pairs: tensors[1],
    dispose: () => {
      for (const tensor of tensors) tensor.dispose()
      for (const buffer of buffers) buffer.destroy()
    },
  }
}

/** How the kernel reads x: as it lies, or transposed first, which costs a dispatch and lets neighbouring lanes read neighbours. */
export const sparseForms = ['rows', 'columns'] as const
export type SparseForm = (typeof sparseForms)[number]

/** `Nn.linear` with compressed weights. It adds up the products that are left in the order of the inputs. */
export function runSparse(backend: ArenaBackend, form: SparseForm, x: Tensor, matrix: SparseMatrix, bias: Tensor, activation?: 'gelu'): Tensor {
  const { fanIn, fanOut, starts, pairs } = matrix
  const rows = x.size / fanIn
  const uniform = sparseShape.write({ rows, fanIn, fanOut })
  const tile = describe({ info: backend.device.adapterInfo }).software ? software : hardware
  const source = form === 'rows' ? x : run(backend, {
    label: 'transpose', code: transpose, inputs: { x }, outputs: { columns: { shape: [fanIn, rows] } }, uniform,
    grid: [Math.ceil(fanIn / 16), Math.ceil(rows / 16), 1],
  }).columns
  return run(backend, {
    label: 'sparseLinear',
    code: specialise(sparseLinear(form, activation ?? 'plain'), tile),
    inputs: { x: source, starts, pairs, bias },
    outputs: { output: { shape: [...x.shape.slice(0, -1), fanOut] } },
    uniform,
    grid: [Math.ceil(fanOut / tile.columns), Math.ceil(rows / (tile.lanes * tile.tileRows)), 1],
  }).output
}

/** Rows of a workgroup are `lanes * tileRows`, outputs `columns`; measured on lavapipe, where 8 floats are loaded at once. */
const software = { lanes: 8, tileRows: 16, columns: 8 }
const hardware = { lanes: 32, tileRows: 4, columns: 8 }

/** A matrix to be multiplied by, and how. */
export interface SparseChoice {
  readonly matrix: SparseMatrix
  readonly form: SparseForm
}

/** Operations of inference in which the linear layers that `choose` answers for run on compressed weights. */
export function sparseNn(backend: ArenaBackend, dense: Nn, choose: (weights: Tensor) => SparseChoice | null): Nn {
  const linear: Nn['linear'] = (x, weights, bias, options = {}) => {
    const chosen = choose(weights)
    if (!chosen) return dense.linear(x, weights, bias, options)
    const result = runSparse(backend, chosen.form, x, chosen.matrix, bias, options.activation)
    return options.residual ? options.residual.add(result) : result
  }
  return {
    ...dense,
    linear,
    linears(x, weights, biases) {
      if (!weights.some((matrix) => choose(matrix))) return dense.linears(x, weights, biases)
      return tf.concat(weights.map((matrix, i) => linear(x, matrix, biases[i] as Tensor)), -1)
    },
  }
}
