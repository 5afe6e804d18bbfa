import { bit } from '../../shaders/bits'
import type { Experiment } from '../core/experiment'
import type { Layout } from '../core/layout'
import { livingMask } from './counts'
import type { Executor } from './executor'
import { asInt8 } from './int8'
import { masked, roundsWeights } from './settings'

/** A parameter tensor as it is saved. */
export interface SavedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
  /** 1 = kept; prunable tensors only. */
  readonly mask?: Uint8Array
}

/**
 * Every parameter as the model reads it (pruned weights are 0 even where they keep a value, and rounded where it trained on int8
 * weights), and the mask of the prunable ones.
 */
export async function savedTensors(executor: Executor, experiment: Pick<Experiment, 'method' | 'training'>): Promise<SavedTensor[]> {
  const { layout } = executor
  const [latent, mask] = await Promise.all([executor.weights(), livingMask(executor, experiment.method)])
  const effective = masked(latent, mask, layout)
  return tensorsOf(layout, roundsWeights(experiment) ? asInt8(effective, layout) : effective, mask)
}

/** The tensors of a layout. @param weights [layout.length] @param mask as in `Cut` */
export function tensorsOf(layout: Layout, weights: Float32Array, mask: Uint32Array): SavedTensor[] {
  return layout.tensors.map(({ name, shape, offset, size, prunable }) => ({
    name, shape, values: weights.slice(offset, offset + size),
    ...(prunable ? { mask: Uint8Array.from({ length: size }, (_, i) => Number(bit(mask, offset + i))) } : {}),
  }))
}
