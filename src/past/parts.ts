import { bit } from '../core/bits'
import { unitAt } from '../core/mapUnits'
import { placeOf, type Matrix } from '../core/weightMap'
import type { Mask } from './maskAt'

/** Flat indices from the first one to the one before the second. */
export type Run = readonly [from: number, to: number]

/** Weights that are followed together: the row, the head or neuron, or the matrix of one of them. */
export interface Part {
  readonly kind: 'row' | 'head' | 'neuron' | 'layer'
  /** Of rows and units, from 0. */
  readonly number: number
  /** Its weights, in rising order. */
  readonly runs: readonly Run[]
}

/** What a weight is a part of, from the smallest to the largest; none for no weight. */
export function partsOf(matrices: readonly Matrix[], index: number): readonly Part[] {
  const matrix = matrices.find(({ offset, size }) => index >= offset && index < offset + size)
  const place = matrix && placeOf([matrix], index)
  if (!matrix || !place) return []
  const { offset, size } = matrix
  const columns = matrix.shape.at(-1) ?? 1
  const row = offset + place.row * columns
  const unit = unitAt(matrices, index)
  return [
    { kind: 'row', number: place.row, runs: [[row, row + columns]] },
    ...(unit
      ? [{ kind: unit.kind, number: unit.number, runs: matrices.flatMap((m) => runsOf(m, unit.layer, unit.number)) }]
      : []),
    { kind: 'layer', number: 0, runs: [[offset, offset + size]] },
  ]
}

/** A unit's weights in one matrix: some columns of every row on the way in, some rows on the way out. */
function runsOf({ offset, size, shape, units }: Matrix, layer: string, number: number): readonly Run[] {
  if (units?.layer !== layer) return []
  const columns = shape.at(-1) ?? 1
  if (units.side === 'leaves') {
    const run = size / units.count
    return [[offset + number * run, offset + (number + 1) * run]]
  }
  const run = columns / units.count
  return Array.from({ length: size / columns }, (_, row) => {
    const from = offset + row * columns + number * run
    return [from, from + run]
  })
}

/** Weights of a part, and those of them that a mask keeps. */
export function countIn({ runs }: Part, mask: Mask): { readonly size: number; readonly kept: number } {
  let [size, kept] = [0, 0]
  for (const [from, to] of runs) {
    size += to - from
    for (let i = from; i < to; i++) if (bit(mask, i)) kept++
  }
  return { size, kept }
}

/** Places of those indices, which rise, that lie in a part. */
export function placesIn({ runs }: Part, indices: Uint32Array): readonly number[] {
  let at = 0
  const found: number[] = []
  indices.forEach((index, place) => {
    while (at < runs.length && (runs[at]?.[1] ?? 0) <= index) at++
    if (index >= (runs[at]?.[0] ?? Infinity)) found.push(place)
  })
  return found
}
