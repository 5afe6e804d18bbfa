import type { Point } from './series'

/** From a value of an axis to a pixel of the chart. */
export type Scale = (value: number) => number

/**
 * SVG path through the points in their order, to a tenth of a pixel; neighbours on the same spot become one. Every vertex
 * can carry a marker, so a lone point is a line of no length.
 */
export function pathThrough(points: readonly Point[], toX: Scale, toY: Scale): string {
  const places = points.map(({ x, y }) => `${tenth(toX(x))} ${tenth(toY(y))}`)
  const apart = places.filter((place, i) => place !== places[i - 1])
  return apart.length === 1 ? `M${apart[0]}L${apart[0]}` : apart.map((place, i) => `${i === 0 ? 'M' : 'L'}${place}`).join('')
}

function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
