import { bit, countOnes } from '../../core/bits'
import { maskOf } from '../../core/cut'
import type { Layout } from '../../core/layout'
import type { LayerSparsity } from '../../core/trainer'
import type { Executor } from '../executor/executor'

/**
 * The weights with which the model computes: those that the mask keeps, or, where pruned weights train on, those that
 * are not 0.
 */
export async function livingMask(executor: Executor): Promise<Uint32Array> {
  // Both are asked for at once, so that they are of the same step.
  const weightsToo = executor.pruning.pruned === 'free' ? executor.weights() : null
  const [mask, weights] = await Promise.all([executor.mask(), weightsToo])
  return weights === null ? mask : maskOf(executor.layout, (i) => bit(mask, i) || weights[i] !== 0)
}

/** Kept weights of every prunable tensor, counted from a bit-packed mask. */
export function layerSparsity(layout: Layout, mask: Uint32Array): LayerSparsity[] {
  return layout.prunable.map(({ name, offset, size }) => {
    let kept = 0
    // Tensors start at word boundaries and padding bits are 0, so whole words can be counted.
    for (let word = offset / 32; word < Math.ceil((offset + size) / 32); word++) kept += countOnes(mask[word] ?? 0)
    return { name, size, kept }
  })
}
