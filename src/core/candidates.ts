import { keptOfGroup, type Granularity, type GroupGranularity } from './granularity'
import type { Layout, Placed } from './layout'
import { allocate, type Group, type Rounding, type Scope } from './scope'
import { unitsOf, type Units } from './units'

/** What a method ranks, and how a sparsity becomes counts of it. */
export interface Candidates {
  /** Weights, or units as a layout of their own. */
  readonly layout: Layout
  /** Where weights are ranked within groups first. */
  readonly ratio?: GroupGranularity
  /** Whether each output of a matrix keeps its own share; groups are then one matrix each. */
  readonly byOutput?: boolean
  /** Where whole units are ranked. */
  readonly units?: Units
  /** Exact counts of what is ranked, in the order that every call has. */
  groups(scope: Scope, sparsity: number, rounding?: Rounding): Group[]
  /** Weights that are left where groups keep their counts. */
  weights(groups: readonly Group[]): number
}

/** @throws Problem when the model has no such units */
export function candidatesOf(layout: Layout, granularity: Granularity = { kind: 'weight' }): Candidates {
  if (granularity.kind === 'weight')
    return {
      layout,
      weights: total,
      groups: (scope, sparsity, rounding) => allocate(layout, scope, sparsity, rounding),
    }
  if (granularity.kind === 'n:m') return grouped(layout, granularity)
  return ofUnits(layout, unitsOf(layout, granularity))
}

/** On the way to N:M, no tensor keeps fewer weights than N:M leaves it: with that, the target is N:M exactly. */
function grouped(layout: Layout, ratio: GroupGranularity): Candidates {
  const least = (tensors: readonly Placed[]) => tensors.reduce((sum, t) => sum + keptOfTensor(ratio, t), 0)
  return {
    layout,
    ratio,
    weights: total,
    groups: (scope, sparsity, rounding) =>
      allocate(layout, scope, sparsity, rounding).map(({ tensors, kept }) => ({
        tensors,
        kept: Math.max(kept, least(tensors)),
      })),
  }
}

/** How many weights of a matrix [in, out] N:M keeps. */
export function keptOfTensor(ratio: GroupGranularity, { shape: [rows = 1, columns = 1] }: Placed): number {
  return columns * (Math.floor(rows / ratio.of) * ratio.keep + keptOfGroup(ratio, rows % ratio.of))
}

/**
 * Units of one size are ranked against each other, so that a count of units is a count of weights, and every layer
 * keeps at least one.
 */
function ofUnits(weights: Layout, units: Units): Candidates {
  const { layout } = units
  const sizeOf = new Map(layout.prunable.map((t, i) => [t.name, units.weights[i] ?? 0]))
  const classes = [...new Set(units.weights)].map((size) =>
    classOf(layout.prunable.filter((t) => sizeOf.get(t.name) === size)),
  )
  const inside = layout.prunable.reduce((sum, t) => sum + t.size * (sizeOf.get(t.name) ?? 0), 0)
  return {
    layout,
    units,
    groups: (scope, sparsity, rounding) =>
      classes
        .flatMap((of) => allocate(of, scope, sparsity, rounding))
        .map(({ tensors, kept }) => ({ tensors, kept: Math.max(kept, tensors.length) })),
    weights: (groups) =>
      weights.prunableCount
      - inside
      + groups.reduce((sum, { tensors: [first], kept }) => sum + kept * (sizeOf.get(first?.name ?? '') ?? 0), 0),
  }
}

function classOf(prunable: readonly Placed[]): Pick<Layout, 'prunable' | 'prunableCount'> {
  return { prunable, prunableCount: prunable.reduce((sum, t) => sum + t.size, 0) }
}

function total(groups: readonly Group[]): number {
  return groups.reduce((sum, { kept }) => sum + kept, 0)
}
