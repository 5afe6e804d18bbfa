import type { Layout } from '../core/layout'
import { squaresChunk, controlBytes } from '../../shaders/norm'
import { stepStruct } from '../../shaders/step'
import { storageBuffer, uniformBuffer } from '../gpu/buffers'

/** Steps whose loss and norm wait on the device for the next look. */
export const metricsLength = 256

/** The flat buffers of one model on the device; contents as in shaders/index.ts. */
export type GpuArena = Readonly<Record<(typeof names)[number], GPUBuffer>>

const names = [
  'weights', 'grads', 'moment1', 'moment2', 'noiseMean', 'noiseSquare', 'importance', 'scores', 'mask',
  'control', 'metrics', 'partials', 'step',
] as const

/** @throws Problem when the model does not fit */
export async function createArena(device: GPUDevice, layout: Layout): Promise<GpuArena> {
  const all = 4 * layout.length
  const prunable = 4 * layout.prunableLength
  const float = (name: string, bytes: number) => storageBuffer(device, name, bytes)
  const buffers: GpuArena = {
    weights: await float('weights', all), grads: await float('grads', all),
    moment1: await float('moment1', all), moment2: await float('moment2', all),
    noiseMean: await float('noiseMean', prunable), noiseSquare: await float('noiseSquare', prunable),
    importance: await float('importance', prunable), scores: await float('scores', prunable),
    mask: await float('mask', prunable / 32),
    // Read as a uniform by the update, which already binds eight storage buffers.
    control: await storageBuffer(device, 'control', controlBytes, GPUBufferUsage.UNIFORM),
    metrics: await float('metrics', 8 * metricsLength),
    partials: await float('partials', 8 * Math.ceil(layout.length / squaresChunk)),
    step: await uniformBuffer(device, 'step', stepStruct.bytes),
  }
  return buffers
}

export function destroyArena(arena: GpuArena): void {
  for (const name of names) arena[name].destroy()
}

export function arenaBytes(arena: GpuArena): number {
  return names.reduce((sum, name) => sum + arena[name].size, 0)
}
