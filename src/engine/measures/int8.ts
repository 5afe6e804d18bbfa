/**
 * The model in 8 bits: symmetric, one scale an output channel, so that pruned weights stay exactly 0
 * (docs/algorithms.md 2.28).
 */
import type { Layout } from '../../core/layout'
import type { TensorSpec } from '../../core/model'
import { codeOf, largestOf, quantize, scaleOf, type Channels } from '../../../shaders/train/quantize'
import type { SavedTensor } from './savedTensor'

/**
 * A tensor as int8 codes. A weight is its code times its scale, where `scales` of `scaleShape` are broadcast over the
 * tensor.
 */
export interface Int8Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly codes: Int8Array
  readonly scales: Float32Array
  readonly scaleShape: readonly number[]
}

/**
 * Which weights share a scale: those of one output of a linear layer, or a row of an embedding table; null for vectors,
 * which stay f32.
 */
export function channelsOf({ shape, decay }: Pick<TensorSpec, 'shape' | 'decay'>): Channels | null {
  if (shape.length < 2) return null
  const size = shape.reduce((a, b) => a * b, 1)
  const count = (decay ? shape.at(-1) : shape[0]) ?? 1
  const length = size / count
  return decay
    ? { count, length, channelStride: 1, stride: count }
    : { count, length, channelStride: length, stride: 1 }
}

/** Codes and scales of a tensor, null where it stays f32. @param values [size] */
export function int8Tensor(
  { name, shape, values }: SavedTensor,
  spec: Pick<TensorSpec, 'shape' | 'decay'>,
): Int8Tensor | null {
  const channels = channelsOf(spec)
  if (!channels) return null
  const scales = largestOf(values, channels).map(scaleOf)
  const channelOf = spec.decay ? (i: number) => i % channels.count : (i: number) => Math.floor(i / channels.length)
  return {
    name,
    shape,
    scales,
    codes: Int8Array.from(values, (value, i) => codeOf(value, scales[channelOf(i)] as number)),
    scaleShape: shape.map((length, axis) => (axis === (spec.decay ? shape.length - 1 : 0) ? length : 1)),
  }
}

/**
 * All parameters, with every matrix rounded to its int8 codes. @param weights [layout.length], effective: pruned
 * weights are 0
 */
export function asInt8(weights: Float32Array, layout: Layout): Float32Array<ArrayBuffer> {
  const rounded = Float32Array.from(weights)
  for (const tensor of layout.tensors) {
    const channels = channelsOf(tensor)
    if (channels) quantize(rounded, null, tensor.offset, channels)
  }
  return rounded
}
