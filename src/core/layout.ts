import type { TensorSpec } from './model'

/** Tensors start at multiples of this many floats: 256 bytes, WebGPU's default alignment of a buffer binding. */
export const alignment = 64

/** Floats that a tensor of so many takes, with the padding after it. */
export function padded(size: number): number {
  return Math.ceil(size / alignment) * alignment
}

/** A tensor's place in the flat parameter buffer; `offset` and `size` count floats. */
export interface Placed extends TensorSpec {
  readonly offset: number
  readonly size: number
}

/**
 * Where every tensor lies in the arena. Prunable tensors come first, then the others that decay, then the rest, gates
 * last. So pruning runs over [0, prunableLength), weight decay over [0, decayLength), and rules for gates over
 * [gatesFrom, length). Lengths include the padding after each tensor, counts do not.
 */
export interface Layout {
  readonly tensors: readonly Placed[]
  readonly prunable: readonly Placed[]
  readonly length: number
  readonly prunableLength: number
  readonly decayLength: number
  readonly gatesFrom: number
  readonly parameterCount: number
  readonly prunableCount: number
}

/** Places tensors. Prunable ones are matrices and decay. */
export function placeTensors(specs: readonly TensorSpec[]): Layout {
  const tensors: Placed[] = []
  let length = 0
  const rank = (s: TensorSpec) => (s.prunable ? 0 : s.decay ? 1 : s.gate ? 3 : 2)
  for (const spec of [...specs].sort((a, b) => rank(a) - rank(b))) {
    const size = spec.shape.reduce((a, b) => a * b, 1)
    tensors.push({ ...spec, offset: length, size })
    length += padded(size)
  }
  const prunable = tensors.filter((t) => t.prunable)
  const count = (list: readonly Placed[]) => list.reduce((sum, t) => sum + t.size, 0)
  return {
    tensors,
    prunable,
    length,
    prunableLength: end(prunable),
    decayLength: end(tensors.filter((t) => t.prunable || t.decay)),
    gatesFrom: end(tensors.filter((t) => !t.gate)),
    parameterCount: count(tensors.filter((t) => !t.fixed)),
    prunableCount: count(prunable),
  }
}

function end(tensors: readonly Placed[]): number {
  const last = tensors.at(-1)
  return last ? last.offset + padded(last.size) : 0
}
