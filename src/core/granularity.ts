/**
 * Parts that are cut whole: heads and MLP neurons of the model, rows (inputs), columns (outputs) or square blocks of
 * matrices.
 */
export const unitKinds = {
  head: 'Attention head',
  neuron: 'MLP neuron',
  row: 'Row (input)',
  column: 'Column (output)',
  block: 'Square block',
} as const
export type UnitKind = keyof typeof unitKinds

/** Whole units are kept or cut. */
export interface UnitGranularity {
  readonly kind: UnitKind
  /**
   * A unit's score from those of its weights, over its number of weights: their sum, or the size of the sum over the
   * weights by which it leaves (rows of the output projection, of mlp/out). Of w g the latter is the size of the
   * gradient of a gate on the unit, exactly (docs/algorithms.md 2.3).
   */
  readonly score: 'sum' | 'gate'
  /** Rows and columns of a block. */
  readonly side?: number
}

/**
 * Of every `of` consecutive inputs of an output, `keep` are kept; of the last group, if it is shorter, as large a
 * share, rounded up.
 */
export interface GroupGranularity {
  readonly kind: 'n:m'
  readonly keep: number
  readonly of: number
}

/** What is kept or cut as one. */
export type Granularity = { readonly kind: 'weight' } | GroupGranularity | UnitGranularity

/** How many of a group's `size` members N:M keeps. */
export function keptOfGroup({ keep, of }: GroupGranularity, size: number): number {
  return Math.min(size, Math.ceil((keep * size) / of))
}
