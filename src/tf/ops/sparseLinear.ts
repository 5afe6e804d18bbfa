/**
 * Linear layers over pruned weights, forward only: the weights that are left are written down one after another, and
 * nothing is multiplied by zero. Whether that is faster depends on the density and the device, so it is measured.
 */
import type { LinearOptions, Nn } from '../../core/model'
import { bit } from '../../core/bits'
import { specialise } from '../../../shaders/transformer'
import { sparseLinear, sparseShape, transpose } from '../../../shaders/transformer/sparse'
import { storageBuffer, write } from '../../gpu/buffers'
import { describe } from '../../gpu/device'
import type { ArenaBackend } from '../backend'
import { tf, type Tensor } from '../tfjs'
import { run } from './differentiable'

/** Where a tensor lies in the arena, in floats; `Placed` of src/core/layout.ts fits. */
interface Place {
  readonly offset: number
  readonly size: number
  readonly shape: readonly number[]
}

/**
 * What is left of the matrices [fanIn, out] that one x is multiplied by, side by side as in `Nn.linears`, output by
 * output.
 */
export interface Compressed {
  readonly fanIn: number
  /** Of all matrices together. */
  readonly fanOut: number
  /** First pair of every output, and behind the last: [fanOut + 1]. */
  readonly starts: Int32Array<ArrayBuffer>
  /** (input, bits of the value), input ascending within an output; at least one pair, so that it can be bound. */
  readonly pairs: Int32Array<ArrayBuffer>
  readonly bias: Float32Array<ArrayBuffer>
}

/**
 * Compresses matrices of the arena, with their biases.
 * @param arena all parameters
 * @param mask bits of the whole prunable part
 */
export function compress(
  arena: Float32Array,
  mask: Uint32Array,
  layers: readonly { readonly weights: Place; readonly bias: Place }[],
): Compressed {
  const bits = new Int32Array(arena.buffer, arena.byteOffset, arena.length)
  const starts = [0]
  const pairs: number[] = []
  for (const {
    weights: {
      offset,
      shape: [fanIn = 1, fanOut = 1],
    },
  } of layers) {
    for (let output = 0; output < fanOut; output++) {
      for (let input = 0; input < fanIn; input++) {
        const at = offset + input * fanOut + output
        if (bit(mask, at)) pairs.push(input, bits[at] as number)
      }
      starts.push(pairs.length / 2)
    }
  }
  const bias = layers.flatMap(({ bias: { offset, size } }) => [...arena.subarray(offset, offset + size)])
  return {
    fanIn: layers[0]?.weights.shape[0] ?? 1,
    fanOut: starts.length - 1,
    starts: Int32Array.from(starts),
    pairs: Int32Array.from(pairs.length ? pairs : [0, 0]),
    bias: Float32Array.from(bias),
  }
}

/** Compressed matrices on the device. */
export interface SparseLayer {
  readonly fanIn: number
  readonly fanOut: number
  readonly starts: Tensor
  readonly pairs: Tensor
  readonly bias: Tensor
  dispose(): void
}

/** Uploads compressed matrices. @throws Problem when the device has no room for them */
export async function uploadSparse(
  backend: ArenaBackend,
  { fanIn, fanOut, ...parts }: Compressed,
): Promise<SparseLayer> {
  const { device } = backend
  const buffers: GPUBuffer[] = []
  const upload = async (name: keyof typeof parts) => {
    const buffer = await storageBuffer(device, name, parts[name].byteLength)
    buffers.push(buffer)
    write(device, buffer, parts[name])
    return backend.view(buffer, 0, [parts[name].length], name === 'bias' ? 'float32' : 'int32')
  }
  const tensors = { starts: await upload('starts'), pairs: await upload('pairs'), bias: await upload('bias') }
  return {
    fanIn,
    fanOut,
    ...tensors,
    dispose: () => {
      tf.dispose(tensors)
      for (const buffer of buffers) buffer.destroy()
    },
  }
}

/**
 * How the kernel reads x: as it lies, or transposed first, which costs a dispatch and lets neighbouring lanes read
 * neighbours.
 */
export const sparseForms = ['rows', 'columns'] as const
export type SparseForm = (typeof sparseForms)[number]

/** Compressed matrices, and how to multiply by them. */
export interface SparseChoice {
  readonly layer: SparseLayer
  readonly form: SparseForm
}

/**
 * `Nn.linear` and `Nn.linears` on compressed weights: adds up the products that are left, in the order of the inputs.
 */
export function runSparse(
  backend: ArenaBackend,
  { layer, form }: SparseChoice,
  x: Tensor,
  { activation, residual }: SparseOptions = {},
): Tensor {
  const { fanIn, fanOut, starts, pairs, bias } = layer
  const rows = x.size / fanIn
  const uniform = sparseShape.write({ rows, fanIn, fanOut })
  const tile = describe({ info: backend.device.adapterInfo }).software ? software : hardware
  const source =
    form === 'rows'
      ? x
      : run(backend, {
          label: 'transpose',
          code: transpose,
          inputs: { x },
          outputs: { columns: { shape: [fanIn, rows] } },
          uniform,
          grid: [Math.ceil(fanIn / 16), Math.ceil(rows / 16), 1],
        }).columns
  return run(backend, {
    label: 'sparseLinear',
    code: specialise(sparseLinear(form, activation ?? 'none', residual !== undefined), tile),
    inputs: { x: source, starts, pairs, bias, ...(residual ? { residual } : {}) },
    outputs: { output: { shape: [...x.shape.slice(0, -1), fanOut] } },
    uniform,
    grid: [Math.ceil(fanOut / tile.columns), Math.ceil(rows / (tile.lanes * tile.tileRows)), 1],
  }).output
}

type SparseOptions = Omit<LinearOptions, 'dropout'>

/**
 * Rows of a workgroup are `lanes * tileRows`, outputs `columns`; measured on lavapipe, where 8 floats are loaded at
 * once.
 */
const software = { lanes: 8, tileRows: 8, columns: 8 }
const hardware = { lanes: 32, tileRows: 4, columns: 8 }

/**
 * Operations of inference in which some linear layers run on compressed weights.
 * @param chosen by the matrix, for `linears` by the first one
 */
export function sparseNn(backend: ArenaBackend, dense: Nn, chosen: ReadonlyMap<Tensor, SparseChoice>): Nn {
  return {
    ...dense,
    linear(x, weights, bias, options = {}) {
      const choice = chosen.get(weights)
      return choice ? runSparse(backend, choice, x, options) : dense.linear(x, weights, bias, options)
    },
    linears(x, weights, biases) {
      const choice = weights[0] && chosen.get(weights[0])
      return choice ? runSparse(backend, choice, x) : dense.linears(x, weights, biases)
    },
  }
}
