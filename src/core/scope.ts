import type { Layout, Placed } from './layout'
import { Problem } from './problem'

/** How a budget is shared: one ranking over all tensors, the same sparsity in each, or Erdos-Renyi-kernel densities. */
export const scopes = { global: 'Global', layer: 'Per layer', erk: 'ERK' } as const
export type Scope = keyof typeof scopes

/** Tensors that are ranked against each other, and how many of their weights are kept, exactly. */
export interface Group {
  readonly tensors: readonly Placed[]
  readonly kept: number
}

export type Rounding = 'nearest' | 'floor'

/** Splits "prune to `sparsity`" into groups with exact counts. Every group keeps at least one weight a tensor. */
export function allocate(layout: Layout, scope: Scope, sparsity: number, rounding: Rounding = 'nearest'): Group[] {
  if (!(sparsity >= 0 && sparsity < 1)) throw new Problem(`Sparsity is ${sparsity}.`, 'Choose a value from 0 up to, but not including, 1.')
  const count = (n: number, density: number) => {
    const exact = n * density
    return Math.min(n, Math.max(1, rounding === 'floor' ? Math.floor(exact) : Math.round(exact)))
  }
  switch (scope) {
    case 'global': return [{ tensors: layout.prunable, kept: count(layout.prunableCount, 1 - sparsity) }]
    case 'layer': return layout.prunable.map((t) => ({ tensors: [t], kept: count(t.size, 1 - sparsity) }))
    case 'erk': return erk(layout, sparsity, rounding)
  }
}

/** ERK with exact total: the per-tensor rounding error goes to the tensor that has most room, so that the sum is right. */
function erk(layout: Layout, sparsity: number, rounding: Rounding): Group[] {
  const budget = (rounding === 'floor' ? Math.floor : Math.round)(layout.prunableCount * (1 - sparsity))
  const densities = erkDensities(layout.prunable, sparsity)
  const kept = layout.prunable.map((t, i) => Math.min(t.size, Math.max(1, Math.floor(t.size * (densities[i] ?? 1)))))
  let rest = budget - kept.reduce((a, b) => a + b, 0)
  for (let i = 0; rest > 0 && i < kept.length; i++) {
    const room = Math.min(rest, (layout.prunable[i] as Placed).size - (kept[i] as number))
    kept[i] = (kept[i] as number) + room
    rest -= room
  }
  return layout.prunable.map((t, i) => ({ tensors: [t], kept: kept[i] as number }))
}

/**
 * Erdos-Renyi-kernel densities (Evci et al., arXiv:1911.11134, section 3): density = e * (sum of dims) / (product of
 * dims), with e solved so that the total is (1 - sparsity) of all weights; tensors that would exceed 1 become dense and
 * the rest is solved again.
 */
export function erkDensities(tensors: readonly Placed[], sparsity: number): number[] {
  const raw = tensors.map((t) => t.shape.reduce((a, b) => a + b, 0) / t.size)
  const dense = new Set<number>()
  for (;;) {
    let budget = 0
    let weight = 0
    tensors.forEach((t, i) => {
      budget += t.size * (1 - sparsity)
      if (dense.has(i)) budget -= t.size
      else weight += (raw[i] as number) * t.size
    })
    const e = weight > 0 ? budget / weight : 0
    const densities = raw.map((r, i) => (dense.has(i) ? 1 : e * r))
    const top = Math.max(...densities)
    if (top <= 1) return densities
    densities.forEach((d, i) => { if (d === top) dense.add(i) })
  }
}
