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
   * How the scores of its weights make a unit's score. `sum`: their sum. `gate`: the size of the sum over its outgoing
   * weights (rows of the output projection, of mlp/out); of w g this is exactly the size of the gradient of a gate on
   * the unit (docs/algorithms.md 2.3). Either is divided by the unit's number of weights.
   */
  readonly score: 'sum' | 'gate'
  /** Rows and columns of a block. */
  readonly side?: number
}

/**
 * Of every `of` consecutive inputs of an output, `keep` are kept; a shorter last group keeps as large a share, rounded
 * up.
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
