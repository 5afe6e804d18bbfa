import type { Activated } from '../core/inference'
import type { Layout, Placed } from '../core/layout'
import type { UnitHook } from '../core/unitHook'
import type { UnitSlices } from '../core/model'
import type { LayerSparsity } from '../core/trainer'
import { sitesOf } from './modelOf'

/**
 * How many of the parameters that are left take part in the result of one token, where the input chooses among them;
 * null where it does not. Norms, embeddings and all others that are not chosen count fully.
 * @param weights all parameters, [layout.length]
 */
export function activatedOf(
  hook: UnitHook | undefined,
  layout: Layout,
  weights: Float32Array,
  layers: readonly LayerSparsity[],
): Activated | null {
  const values = new Map(layout.tensors.map((t) => [t.name, weights.subarray(t.offset, t.offset + t.size)]))
  const chosen = new Map(
    sitesOf(layout.tensors).map((site) => [site.layer, hook?.active?.(site, (name) => values.get(name) ?? [])]),
  )
  const kept = new Map(layers.map((layer) => [layer.name, layer.kept]))
  const counted = layout.tensors
    .filter((t) => !t.fixed)
    .map((t) => ({ left: kept.get(t.name) ?? t.size, share: shareOf(t, chosen) }))
  if (counted.every(({ share }) => share === 1)) return null
  return {
    parameters: Math.round(counted.reduce((sum, { left, share }) => sum + left * share, 0)),
    of: counted.reduce((sum, { left }) => sum + left, 0),
  }
}

function shareOf(
  { active = 1, units }: Placed,
  chosen: ReadonlyMap<string, Partial<Record<UnitSlices['side'], number>> | undefined>,
): number {
  return active * (units ? (chosen.get(units.layer)?.[units.side] ?? 1) : 1)
}
