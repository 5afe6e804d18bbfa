import { bit } from '../../shaders/bits'
import { plugin } from '../config/registries'
import type { Choice, Experiment } from '../core/experiment'
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
 * weights), and the mask of the prunable ones; factors beside matrices are multiplied into these (`UnitHook.fold`) and are not there.
 */
export async function savedTensors(executor: Executor, experiment: Pick<Experiment, 'method' | 'training'>): Promise<SavedTensor[]> {
  const { layout } = executor
  const [latent, mask] = await Promise.all([executor.weights(), livingMask(executor, experiment.method)])
  const effective = masked(latent, mask, layout)
  return folded(tensorsOf(layout, roundsWeights(experiment) ? asInt8(effective, layout) : effective, mask), layout, experiment.method)
}

/** The tensors with what the method keeps beside matrices multiplied into these. */
function folded(tensors: SavedTensor[], { prunable }: Layout, { id, values }: Choice): SavedTensor[] {
  const hook = plugin('method', id).units?.(values)
  if (!hook?.fold) return tensors
  const all = new Map(tensors.map((tensor) => [tensor.name, tensor.values]))
  const matrices = new Map(prunable.map((matrix) => [matrix.name, hook.fold?.(matrix, (name) => all.get(name) ?? new Float32Array())]))
  const gone = new Set(prunable.flatMap((matrix) => hook.beside?.(matrix) ?? []).map(({ name }) => name))
  return tensors.filter(({ name }) => !gone.has(name)).map((tensor) => ({ ...tensor, values: matrices.get(tensor.name) ?? tensor.values }))
}

/** The tensors of a layout. @param weights [layout.length] @param mask as in `Cut` */
export function tensorsOf(layout: Layout, weights: Float32Array, mask: Uint32Array): SavedTensor[] {
  return layout.tensors.map(({ name, shape, offset, size, prunable }) => ({
    name, shape, values: weights.slice(offset, offset + size),
    ...(prunable ? { mask: Uint8Array.from({ length: size }, (_, i) => Number(bit(mask, offset + i))) } : {}),
  }))
}
