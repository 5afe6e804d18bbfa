import { bit } from '../../src/core/bits'
import { uniformStruct } from '../parts/uniformStruct'

/**
 * A tensor as channels that share a scale: weight i of a channel lies at offset + channel * channelStride + i * stride.
 */
export interface Channels {
  readonly count: number
  readonly length: number
  readonly channelStride: number
  readonly stride: number
}

/** The uniform block `shape`; `masked` is 1 where pruned weights count as 0. */
export const channelsStruct = uniformStruct('Channels', {
  offset: 'u32',
  count: 'u32',
  length: 'u32',
  channelStride: 'u32',
  stride: 'u32',
  masked: 'u32',
})

/** Channels of a workgroup. */
export const channelsOfWorkgroup = 16

/** Codes go from -127 to 127; -128 is not used, so that a weight and its negative are rounded alike. */
const steps = 127
/** Smaller ones are flushed to 0 on some devices and would then be divided by. */
const smallestScale = 2 ** -126

/**
 * The weight that code 1 of a channel stands for, float32; 0 for a channel of zeros. @param most largest |w| of the
 * channel
 */
export function scaleOf(most: number): number {
  const scale = Math.fround(most / steps)
  return scale >= smallestScale ? scale : 0
}

/** The code of a weight, -127 to 127; halves go to the even neighbour, as in WGSL and PyTorch. */
export function codeOf(weight: number, scale: number): number {
  if (scale === 0) return 0
  return Math.max(-steps, Math.min(steps, roundEven(Math.fround(weight / scale))))
}

function roundEven(x: number): number {
  const up = Math.round(x)
  return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up
}

/** Largest |w| of every channel. @param weights of one tensor */
export function largestOf(
  weights: Float32Array,
  { count, length, channelStride, stride }: Channels,
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, channel) => {
    let most = 0
    for (let i = 0; i < length; i++)
      most = Math.max(most, Math.abs(weights[channel * channelStride + i * stride] as number))
    return most
  })
}

/** Twin: rounds every weight of a tensor to its channel's int8 codes, in place. @param mask null where there is none */
export function quantize(weights: Float32Array, mask: Uint32Array | null, offset: number, channels: Channels): void {
  const tensor = weights.subarray(offset, offset + channels.count * channels.length)
  if (mask)
    tensor.forEach((_, i) => {
      if (!bit(mask, offset + i)) tensor[i] = 0
    })
  const scales = largestOf(tensor, channels).map(scaleOf)
  for (let channel = 0; channel < channels.count; channel++) {
    const scale = scales[channel] as number
    for (let i = 0; i < channels.length; i++) {
      const at = channel * channels.channelStride + i * channels.stride
      tensor[at] = Math.fround(codeOf(tensor[at] as number, scale) * scale)
    }
  }
}
