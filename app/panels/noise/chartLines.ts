import { sensitivityOf, type Weighing } from '../../../src/core/weighing'
import type { NoisePoint } from '../../../src/core/trainer'
import type { Point } from '../../charts/series'

/** A weight whose mean sensitivity and noise are known, so that it has a place in the chart. */
export interface Placed extends NoisePoint {
  readonly sensitivity: number
  readonly spread: number
}

/** The weights that have a place in the chart. */
export function placedIn(points: readonly NoisePoint[]): readonly Placed[] {
  return points.flatMap((point) => {
    const { importance, spread } = point
    if (spread === null || !(importance > 0) || !Number.isFinite(importance)) return []
    return { ...point, spread, sensitivity: sensitivityOf(importance, spread) }
  })
}

type Discount = Weighing['discount']

/** Steps of noise in which a curve is drawn. */
const steps = 48

/**
 * The line on which the discounted sensitivity is `bound`: log10 of the sensitivity by noise, as far as it lies within
 * the axes.
 */
export function lineAt(
  bound: number,
  discount: Discount,
  [low, high]: readonly [number, number],
  most: number,
): readonly Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const y = (i / steps) * most
    return { x: Math.log10(bound / discount(y)), y }
  }).filter(({ x }) => x >= low && x <= high)
}

/** The bound at which a discount keeps as many of these weights as the run did; null where that is all or none. */
export function boundAlike(points: readonly Placed[], discount: Discount): number | null {
  const kept = points.filter(({ cut }) => !cut).length
  if (kept === 0 || kept === points.length) return null
  const sorted = points.map((point) => weighed(point, discount)).sort((a, b) => b - a)
  return sorted[kept - 1] ?? null
}

/** How many weights lie on the side of the line that fits what the run did with them. */
export function rightOf(points: readonly Placed[], bound: number, discount: Discount): number {
  return points.filter((point) => point.cut !== weighed(point, discount) >= bound).length
}

function weighed({ sensitivity, spread }: Placed, discount: Discount): number {
  return sensitivity * discount(spread)
}
