import { plugin } from '../config/registries'
import { compact, type CompactModel } from '../core/compact'
import type { NotCompact } from '../core/inference'
import type { Blueprint } from './blueprint'

/**
 * A trained model without its dead heads and neurons, or why there is none.
 * @param weights effective values, [layout.length]
 * @param mask as in `Cut`
 */
export function compactModel({ experiment: { method }, layout }: Pick<Blueprint, 'experiment' | 'layout'>, weights: Float32Array, mask: Uint32Array): CompactModel | NotCompact {
  const hook = plugin('method', method.id).units?.(method.values)
  if (hook && !hook.separate) return { why: chosenTogether }
  return compact(layout, weights, mask) ?? { why: noneDead }
}

const chosenTogether = 'The method chooses among all heads or neurons for every input, so none of them can be taken out for good.'
const noneDead = 'No head and no neuron is cut whole, so no matrix can be made smaller: single weights, rows, columns and blocks leave holes among entries that are still needed.'
