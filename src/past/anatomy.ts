import { bit } from '../core/bits'
import { nextTask } from '../core/nextTask'
import type { Matrix } from '../core/weightMap'
import type { Mask } from './maskAt'

/** The heads of one attention, or the neurons of one MLP. */
export interface UnitsOfLayer {
  readonly kind: 'head' | 'neuron'
  readonly layer: string
  /** Of every unit, the share of its weights that is kept. */
  readonly shares: readonly number[]
  /** Whether all weights by which a unit is left are cut, so that nothing later sees what it puts out. */
  readonly dead: readonly boolean[]
}

/** A prunable matrix as it is, and as it would be without dead units: rows and columns. */
export interface MatrixSizes {
  readonly name: string
  readonly before: readonly [rows: number, columns: number]
  readonly after: readonly [rows: number, columns: number]
}

/** What is left of a model, unit by unit. */
export interface Anatomy {
  readonly layers: readonly UnitsOfLayer[]
  readonly sizes: readonly MatrixSizes[]
  /** Weights of all prunable matrices, and of those that stay when dead units are taken out (core/compact.ts). */
  readonly before: number
  readonly after: number
}

/** What a mask leaves of a model's units; lets the page answer between two matrices. */
export async function anatomyOf(matrices: readonly Matrix[], mask: Mask): Promise<Anatomy> {
  const found = new Map<string, Counts>()
  for (const matrix of matrices) {
    const { units } = matrix
    if (!units) continue
    const counts = found.get(units.layer) ?? emptyCounts(units.kind, units.count)
    found.set(units.layer, counts)
    count(matrix, units, mask, counts)
    await nextTask()
  }
  const layers = [...found].map(([layer, { kind, weights, kept, left, leaves }]) => ({
    kind,
    layer,
    shares: kept.map((n) => n / weights),
    dead: left.map((n) => leaves && n === 0),
  }))
  const alive = new Map(
    layers.map(({ layer, dead }) => [layer, Math.max(1, dead.filter((d) => !d).length) / dead.length]),
  )
  const sizes = matrices.map((matrix) => sizesOf(matrix, alive.get(matrix.units?.layer ?? '') ?? 1))
  const weights = (when: 'before' | 'after') =>
    sizes.reduce((sum, { [when]: [rows, columns] }) => sum + rows * columns, 0)
  return { layers, sizes, before: weights('before'), after: weights('after') }
}

/** @param alive share of its units that stay */
function sizesOf({ name, shape, size, units }: Matrix, alive: number): MatrixSizes {
  const columns = shape.at(-1) ?? 1
  const rows = size / columns
  const leaves = units?.side === 'leaves'
  // Units divide their side of a matrix, so that this is a whole number but for rounding.
  const left = (side: number, is: boolean) => (is ? Math.round(side * alive) : side)
  return { name, before: [rows, columns], after: [left(rows, leaves), left(columns, units !== undefined && !leaves)] }
}

interface Counts {
  readonly kind: UnitsOfLayer['kind']
  /** Weights of a unit. */
  weights: number
  /** Of every unit, kept weights, and those among them by which it is left. */
  readonly kept: number[]
  readonly left: number[]
  /** Whether units are left by any matrix. */
  leaves: boolean
}

function emptyCounts(kind: UnitsOfLayer['kind'], units: number): Counts {
  return { kind, weights: 0, kept: Array<number>(units).fill(0), left: Array<number>(units).fill(0), leaves: false }
}

/** Units lie along the columns of a matrix by which they are entered, along the rows of one by which they are left. */
function count({ offset, size, shape }: Matrix, units: NonNullable<Matrix['units']>, mask: Mask, to: Counts): void {
  const columns = shape.at(-1) ?? 1
  const leaves = units.side === 'leaves'
  const run = leaves ? size / units.count : columns / units.count
  to.weights += size / units.count
  to.leaves ||= leaves
  for (let i = 0; i < size; i++) {
    if (!bit(mask, offset + i)) continue
    const unit = Math.floor((leaves ? i : i % columns) / run)
    to.kept[unit] = (to.kept[unit] ?? 0) + 1
    if (leaves) to.left[unit] = (to.left[unit] ?? 0) + 1
  }
}
