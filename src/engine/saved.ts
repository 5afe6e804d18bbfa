import { bit } from '../../shaders/bits'
import type { Executor } from './executor'
import { masked } from './settings'

/** A parameter tensor as it is saved. */
export interface SavedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
  /** 1 = kept; prunable tensors only. */
  readonly mask?: Uint8Array
}

/** Every parameter as the model reads it (pruned weights are 0 even where they keep a value), and the mask of the prunable ones. */
export async function savedTensors(executor: Executor): Promise<SavedTensor[]> {
  const { layout } = executor
  const [latent, mask] = await Promise.all([executor.weights(), executor.mask()])
  const weights = masked(latent, mask, layout)
  return layout.tensors.map(({ name, shape, offset, size, prunable }) => ({
    name, shape, values: weights.slice(offset, offset + size),
    ...(prunable ? { mask: Uint8Array.from({ length: size }, (_, i) => Number(bit(mask, offset + i))) } : {}),
  }))
}
