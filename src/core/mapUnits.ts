import type { MapTile } from './trainer'
import { extent, placeOf, type Matrix } from './weightMap'

/** A head or a neuron: the `number`th of its layer, from 0. */
export interface Unit {
  readonly kind: 'head' | 'neuron'
  readonly layer: string
  readonly number: number
}

/** A rectangle of the weight map, in its pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The head or neuron that a weight leads into or out of; null where its matrix has none, or for no weight. */
export function unitAt(matrices: readonly Matrix[], index: number): Unit | null {
  const matrix = matrices.find(({ offset, size }) => index >= offset && index < offset + size)
  const place = matrix && placeOf([matrix], index)
  if (!matrix?.units || !place) return null
  const { kind, layer, side } = matrix.units
  const { run } = sideOf(matrix)
  return { kind, layer, number: Math.floor((side === 'enters' ? place.column : place.row) / run) }
}

/** Where a unit's weights in one matrix lie on the map: a box, or one in each band of a tile that is folded. */
export function unitBoxes(matrix: Matrix, { x, y }: Pick<MapTile, 'x' | 'y'>, unit: number): readonly Box[] {
  const { tall, short, band, height } = extent(matrix)
  const { run, long, isAlong } = sideOf(matrix)
  const [from, to] = [unit * run, (unit + 1) * run]
  return Array.from({ length: height / short }, (_, i) => {
    const [begin, end] = [i * band, Math.min(long, (i + 1) * band)]
    const [left, right] = isAlong(tall) ? [Math.max(begin, from), Math.min(end, to)] : [begin, end]
    const top = y + i * short
    return isAlong(tall)
      ? { x: x + left - begin, y: top, width: right - left, height: short }
      : { x: x + left - begin, y: top + from, width: right - left, height: run }
  }).filter(({ width }) => width > 0)
}

/** Rows or columns of one unit in a matrix, its longer side, and whether units lie along that. */
function sideOf({ shape, size, units }: Matrix) {
  const columns = shape.at(-1) ?? 1
  const rows = size / columns
  const enters = units?.side === 'enters'
  return {
    run: (enters ? columns : rows) / (units?.count ?? 1),
    long: Math.max(rows, columns),
    isAlong: (tall: boolean) => enters !== tall,
  }
}
