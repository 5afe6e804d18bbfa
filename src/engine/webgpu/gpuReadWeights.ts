/**
 * The weights that the model reads on the device: the arena's own, or a copy that is rounded to int8 before each pass.
 */
import * as shaders from '../../../shaders'
import { channelsOfWorkgroup, channelsStruct } from '../../../shaders/train/quantize'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, workgroups, type Kernel } from '../../gpu/kernel'
import type { Command } from '../../tf/recording'
import type { Blueprint } from '../executor/blueprint'
import type { GpuArena } from './gpuArena'
import { channelsOf } from '../measures/int8'
import { roundsWeights } from '../executor/settings'

export interface ReadWeights {
  readonly buffer: GPUBuffer
  readonly bytes: number
  /**
   * Bring the buffer up to date with the arena's weights: `exact` as they are, `rounded` as the model trains on them.
   */
  readonly exact: readonly Command[]
  readonly rounded: readonly Command[]
  dispose(): void
}

/** @throws Problem when the device has no room for a copy */
export async function createReadWeights(
  device: GPUDevice,
  { experiment, pruning, layout }: Blueprint,
  arena: GpuArena,
): Promise<ReadWeights> {
  if (!roundsWeights(experiment))
    return { buffer: arena.weights, bytes: 0, exact: [], rounded: [], dispose: () => undefined }
  const kernel = await createKernel(device, 'quantize', shaders.quantize)
  const buffer = await storageBuffer(device, 'rounded', 4 * layout.length)
  const shapes: GPUBuffer[] = []
  const masked = pruning.keepsValues
  const exact: Command[] = [
    { kind: 'copy', from: arena.weights, fromOffset: 0, to: buffer, toOffset: 0, size: 4 * layout.length },
  ]
  const rounded = [...exact]
  for (const tensor of layout.tensors) {
    const channels = channelsOf(tensor)
    if (!channels) continue
    const shape = await uniformBuffer(device, 'shape', channelsStruct.bytes)
    write(
      device,
      shape,
      channelsStruct.write({ offset: tensor.offset, ...channels, masked: masked && tensor.prunable ? 1 : 0 }),
    )
    shapes.push(shape)
    rounded.push(dispatch(kernel, { shape, mask: arena.mask, weights: buffer }, channels.count))
  }
  return {
    buffer,
    bytes: 4 * layout.length,
    exact,
    rounded,
    dispose: () => {
      for (const made of [buffer, ...shapes]) made.destroy()
    },
  }
}

function dispatch(kernel: Kernel, resources: Readonly<Record<string, GPUBuffer>>, channels: number): Command {
  return { kind: 'dispatch', ...kernel.bind(resources, workgroups(channels, channelsOfWorkgroup)) }
}
