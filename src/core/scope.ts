import type { Layout, Placed } from './layout'
import { Problem } from './problem'

/**
 * How a budget is shared: one ranking over all tensors, the same sparsity in each, Erdos-Renyi-kernel or smart-ratio
 * densities.
 */
export const scopes = { global: 'Global', layer: 'Per layer', erk: 'ERK', smart: 'Smart ratios' } as const
/**
 * Scopes of cuts that calibrate: also the same sparsity in the weights of each output, that is in each column of each
 * matrix.
 */
export const calibratedScopes = { output: 'Per output', layer: scopes.layer, global: scopes.global } as const
export type Scope = keyof typeof scopes | keyof typeof calibratedScopes

/** Whether a knob's value is a scope. */
export function isScope(value: unknown): value is Scope {
  return typeof value === 'string' && (Object.hasOwn(scopes, value) || Object.hasOwn(calibratedScopes, value))
}

/** Tensors that are ranked against each other, and how many of their weights are kept, exactly. */
export interface Group {
  readonly tensors: readonly Placed[]
  readonly kept: number
}

export type Rounding = 'nearest' | 'floor'

/** The part of a layout that budgets are shared over. */
type Ranks = Pick<Layout, 'prunable' | 'prunableCount'>

/**
 * Splits "prune to `sparsity`" into groups with exact counts. A group keeps at least one weight of each of its tensors
 * in every scope but `global`, there at least one in all; nothing else moves the total.
 */
export function allocate(layout: Ranks, scope: Scope, sparsity: number, rounding: Rounding = 'nearest'): Group[] {
  if (!(sparsity >= 0 && sparsity < 1))
    throw new Problem(`Sparsity is ${sparsity}.`, 'Choose a value from 0 up to, but not including, 1.')
  const { prunable } = layout
  if (scope === 'global') return [{ tensors: prunable, kept: keptOf(layout.prunableCount, sparsity, rounding) }]
  const densities = densitiesOf[scope](prunable, sparsity)
  const kept = wholeCounts(layout, densities, sparsity, rounding)
  return prunable.map((t, i) => ({ tensors: [t], kept: kept[i] as number }))
}

function keptOf(size: number, sparsity: number, rounding: Rounding): number {
  const exact = size * (1 - sparsity)
  // 1000 * (1 - 0.9) is 99.99999999999997 in floating point, and its floor must still be 100.
  return Math.min(size, Math.max(1, rounding === 'floor' ? Math.floor(exact + 1e-6) : Math.round(exact)))
}

/**
 * Densities as whole numbers of weights with the exact total: every tensor gets its share rounded down and at least one
 * weight; what is left goes one by one to the largest remainders, what is too much is taken one by one from the largest
 * counts.
 */
export function wholeCounts(
  layout: Ranks,
  densities: readonly number[],
  sparsity: number,
  rounding: Rounding,
): number[] {
  const sizes = layout.prunable.map((t) => t.size)
  const shares = densities.map((d, i) => d * (sizes[i] as number))
  const kept = shares.map((share, i) => Math.min(sizes[i] as number, Math.max(1, Math.floor(share + 1e-6))))
  let rest = Math.max(kept.length, keptOf(layout.prunableCount, sparsity, rounding)) - kept.reduce((a, b) => a + b, 0)
  while (rest !== 0) {
    const by = Math.sign(rest)
    const claim = (i: number) => (by > 0 ? (shares[i] as number) - (kept[i] as number) : (kept[i] as number))
    const open = [...kept.keys()].filter((i) =>
      by > 0 ? (kept[i] as number) < (sizes[i] as number) : (kept[i] as number) > 1,
    )
    const best = open.reduce((a, b) => (claim(b) > claim(a) ? b : a))
    kept[best] = (kept[best] as number) + by
    rest -= by
  }
  return kept
}

/**
 * Erdos-Renyi-kernel densities (Evci et al., arXiv:1911.11134, section 3): density = e * (sum of dims) / (product of
 * dims), with e solved so that the total is (1 - sparsity) of all weights; tensors that would exceed 1 become dense and
 * the rest is solved again.
 */
export function erkDensities(tensors: readonly Placed[], sparsity: number): number[] {
  return proportional(
    tensors,
    tensors.map((t) => t.shape.reduce((a, b) => a + b, 0) / t.size),
    sparsity,
  )
}

/**
 * Smart ratios (Su et al., arXiv:2009.11094): density falls with depth as q^2 + q, q = 1 for the last block. Adapted:
 * the matrices of a block (what comes before the first slash of their names) share one density, and what does not fit
 * into a dense layer is shared by all others; the paper passes it on to the later layers.
 */
export function smartDensities(tensors: readonly Placed[], sparsity: number): number[] {
  const blocks = [...new Set(tensors.map(blockOf))]
  const raw = tensors.map((t) => {
    const q = blocks.length - blocks.indexOf(blockOf(t))
    return q * q + q
  })
  return proportional(tensors, raw, sparsity)
}

function blockOf({ name }: Placed): string {
  return name.split('/')[0] ?? name
}

const densitiesOf: Readonly<
  Record<Exclude<Scope, 'global'>, (tensors: readonly Placed[], sparsity: number) => number[]>
> = {
  layer: (tensors, sparsity) => tensors.map(() => 1 - sparsity),
  output: (tensors, sparsity) => tensors.map(() => 1 - sparsity),
  erk: erkDensities,
  smart: smartDensities,
}

/**
 * Densities in proportion to `raw` with the total (1 - sparsity) of all weights; those that would exceed 1 are dense.
 */
function proportional(tensors: readonly Placed[], raw: readonly number[], sparsity: number): number[] {
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
    densities.forEach((d, i) => {
      if (d === top) dense.add(i)
    })
  }
}
