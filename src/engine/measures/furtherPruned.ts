import { bit } from '../../core/bits'
import { allocate, scopes, type Scope } from '../../core/scope'
import type { Executor } from '../executor/executor'

/**
 * All parameters as they would be if the model was pruned further, by the scores of its last mask change, in the
 * method's scope; by size where weights were not ranked one by one. Nothing of the run changes.
 * @param sparsity of the prunable weights, at least what the model has
 */
export async function furtherPruned(executor: Executor, sparsity: number): Promise<Float32Array<ArrayBuffer>> {
  const { layout, pruning } = executor
  const [found, mask, bits] = [await executor.weights(), await executor.mask(), await executor.scores()]
  const weights = new Float32Array(found)
  const scores = new Float32Array(bits.buffer, bits.byteOffset, bits.length)
  const kept = new Uint8Array(layout.prunableLength)
  for (let i = 0; i < kept.length; i++) kept[i] = Number(bit(mask, i))
  // One weight that is kept and has no score is enough to say that the last ranking is not about them all.
  const ranked = layout.prunable.every(({ offset, size }) => {
    for (let i = offset; i < offset + size; i++) if (kept[i] && !Number.isFinite(scores[i])) return false
    return true
  })
  const rankOf = (i: number) => (ranked ? (scores[i] ?? 0) : Math.abs(weights[i] ?? 0))
  const scope: Scope = Object.hasOwn(scopes, pruning.scope) ? pruning.scope : 'global'
  for (const group of allocate(layout, scope, sparsity)) {
    const members = group.tensors.flatMap(({ offset, size }) => {
      const own: number[] = []
      for (let i = offset; i < offset + size; i++) if (kept[i]) own.push(i)
      return own
    })
    members.sort((a, b) => rankOf(b) - rankOf(a) || a - b)
    for (const i of members.slice(group.kept)) weights[i] = 0
  }
  return weights
}
