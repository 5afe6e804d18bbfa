import { compact, type CompactModel } from '../../core/compact'
import { maskOf } from '../../core/cut'
import type { NotCompact } from '../../core/inference'
import type { Blueprint } from '../executor/blueprint'
import { tensorsOf } from './saved'
import type { SavedTensor } from './savedTensor'

/**
 * A trained model without its dead heads and neurons, or why there is none.
 * @param weights effective values, [layout.length]
 * @param mask as in `Cut`
 */
export function compactModel(
  { pruning: { hook }, layout }: Pick<Blueprint, 'pruning' | 'layout'>,
  weights: Float32Array,
  mask: Uint32Array,
): CompactModel | NotCompact {
  if (hook && !hook.separate) return { why: hook.beside ? factored : chosenTogether }
  return compact(layout, weights, mask) ?? { why: noneDead }
}

/** The tensors of the compact model, null where there is none. @param tensors of the layout, all of them */
export function compactTensors(
  { pruning, layout }: Pick<Blueprint, 'pruning' | 'layout'>,
  tensors: readonly SavedTensor[],
): SavedTensor[] | null {
  const weights = new Float32Array(layout.length)
  const kept = new Uint8Array(layout.prunableLength)
  for (const { name, values, mask } of tensors) {
    const offset = layout.tensors.find((t) => t.name === name)?.offset ?? 0
    weights.set(values, offset)
    if (mask) kept.set(mask, offset)
  }
  const small = compactModel(
    { pruning, layout },
    weights,
    maskOf(layout, (i) => kept[i] === 1),
  )
  return 'why' in small ? null : tensorsOf(small.layout, small.weights, small.mask)
}

const chosenTogether =
  'The method reads heads and neurons together with each other or with the input, '
  + 'so none of them can be taken out by itself.'
const factored =
  'The method reads matrices through factors beside them, which are not taken apart by heads and neurons: '
  + 'what it cuts leaves holes in the matrices.'
const noneDead =
  'No head and no neuron is cut whole, so no matrix can be made smaller: single weights, rows, '
  + 'columns and blocks leave holes among entries that are still needed.'
