import type { Layout } from '../../core/layout'
import { squaresChunk, controlBytes } from '../../../shaders/train/norm'
import { stepStruct } from '../../../shaders/train/step'
import { tileSize } from '../../../shaders/parts/tiles'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { extras, type Extra } from '../executor/extras'
import { fanIns } from '../executor/settings'

/** Steps whose loss and norm wait on the device for the next look. */
export const metricsLength = 256

/** The flat buffers of one model on the device; contents as in shaders/index.ts. */
export type GpuArena = Readonly<Record<(typeof names)[number], GPUBuffer>> & Readonly<Partial<Record<Extra, GPUBuffer>>>

/** Weights that share 4 bytes of an extra; one where nothing is said. */
const weightsAWord: Partial<Record<Extra, number>> = { fanIn: tileSize, largest: tileSize, visited: 32 }

const names = [
  'weights',
  'grads',
  'moment1',
  'moment2',
  'noiseMean',
  'noiseSquare',
  'importance',
  'steady',
  'peak',
  'sensed',
  'scores',
  'mask',
  'control',
  'metrics',
  'partials',
  'step',
] as const

/** @throws Problem when the model does not fit */
export async function createArena(device: GPUDevice, layout: Layout, wanted: readonly Extra[]): Promise<GpuArena> {
  const all = 4 * layout.length
  const prunable = 4 * layout.prunableLength
  const float = (name: string, bytes: number) => storageBuffer(device, name, bytes)
  const buffers: GpuArena = {
    weights: await float('weights', all),
    grads: await float('grads', all),
    moment1: await float('moment1', all),
    moment2: await float('moment2', all),
    noiseMean: await float('noiseMean', prunable),
    noiseSquare: await float('noiseSquare', prunable),
    importance: await float('importance', prunable),
    steady: await float('steady', prunable),
    peak: await float('peak', prunable),
    sensed: await float('sensed', prunable),
    scores: await float('scores', prunable),
    mask: await float('mask', prunable / 32),
    // Read as a uniform by the update, which already binds eight storage buffers.
    control: await storageBuffer(device, 'control', controlBytes, GPUBufferUsage.UNIFORM),
    metrics: await float('metrics', 8 * metricsLength),
    partials: await float('partials', 8 * Math.ceil(layout.length / squaresChunk)),
    step: await uniformBuffer(device, 'step', stepStruct.bytes),
  }
  const more: Partial<Record<Extra, GPUBuffer>> = {}
  for (const name of wanted) more[name] = await float(name, prunable / (weightsAWord[name] ?? 1))
  if (more.fanIn) write(device, more.fanIn, fanIns(layout))
  return { ...buffers, ...more }
}

/**
 * The buffer that a formula's text binds under this name. @throws TypeError for one that was not asked for: a mistake
 * in the engine
 */
export function viewBuffer(arena: GpuArena, name: string): GPUBuffer {
  const buffer = (arena as Readonly<Record<string, GPUBuffer | undefined>>)[name]
  if (!buffer) throw new TypeError(`The arena has no buffer "${name}".`)
  return buffer
}

export function destroyArena(arena: GpuArena): void {
  for (const buffer of buffersOf(arena)) buffer.destroy()
}

export function arenaBytes(arena: GpuArena): number {
  return buffersOf(arena).reduce((sum, buffer) => sum + buffer.size, 0)
}

function buffersOf(arena: GpuArena): GPUBuffer[] {
  return [...names, ...extras].flatMap((name) => arena[name] ?? [])
}
