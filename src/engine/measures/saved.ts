import { bit } from '../../core/bits'
import type { Experiment } from '../../core/experiment'
import type { Layout } from '../../core/layout'
import type { UnitHook } from '../../core/unitHook'
import { livingMask } from './counts'
import type { Executor } from '../executor/executor'
import { asInt8 } from './int8'
import type { SavedTensor } from './savedTensor'
import { masked, roundsWeights } from '../executor/settings'

/**
 * Every parameter as the model reads it, and the mask of the prunable ones. Pruned weights are 0 even where they keep a
 * value; where the model trained on int8 weights, they are rounded. Factors beside matrices are multiplied into them
 * (`UnitHook.fold`) and left out.
 */
export async function savedTensors(
  executor: Executor,
  experiment: Pick<Experiment, 'training'>,
): Promise<SavedTensor[]> {
  const {
    layout,
    pruning: { hook },
  } = executor
  const [latent, mask] = await Promise.all([executor.weights(), livingMask(executor)])
  const effective = masked(latent, mask, layout)
  const read = roundsWeights(experiment) ? asInt8(effective, layout) : effective
  const gone = foldedAway(layout, hook)
  return tensorsOf(layout, foldedWeights(read, layout, hook), mask).filter(({ name }) => !gone.has(name))
}

/** Weights, with the method's factors beside matrices multiplied into them. @param weights [layout.length] */
export function foldedWeights(
  weights: Float32Array<ArrayBuffer>,
  { tensors, prunable }: Layout,
  hook: UnitHook | undefined,
): Float32Array<ArrayBuffer> {
  if (!hook?.fold) return weights
  const places = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const valuesOf = (name: string) => {
    const { offset, size } = places.get(name) ?? { offset: 0, size: 0 }
    return weights.slice(offset, offset + size)
  }
  const folded = weights.slice()
  for (const matrix of prunable) folded.set(hook.fold(matrix, valuesOf), matrix.offset)
  return folded
}

/** Names of the tensors that are folded into others. */
function foldedAway({ prunable }: Layout, hook: UnitHook | undefined): ReadonlySet<string> {
  return new Set(hook?.fold ? prunable.flatMap((matrix) => hook.beside?.(matrix) ?? []).map(({ name }) => name) : [])
}

/** Parameters of the model as it is saved. */
export function savedCount({ layout, pruning: { hook } }: Pick<Executor, 'layout' | 'pruning'>): number {
  const gone = foldedAway(layout, hook)
  return layout.tensors.reduce((sum, { name, size }) => sum - (gone.has(name) ? size : 0), layout.parameterCount)
}

/** The tensors of a layout. @param weights [layout.length] @param mask as in `Cut` */
export function tensorsOf(layout: Layout, weights: Float32Array, mask: Uint32Array): SavedTensor[] {
  return layout.tensors.map(({ name, shape, offset, size, prunable }) => ({
    name,
    shape,
    values: weights.slice(offset, offset + size),
    ...(prunable ? { mask: Uint8Array.from({ length: size }, (_, i) => Number(bit(mask, offset + i))) } : {}),
  }))
}
