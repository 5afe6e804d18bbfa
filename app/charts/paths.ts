import type { Point } from './series'

/** From a value of an axis to a pixel of the chart. */
export type Scale = (value: number) => number

/**
 * SVG path through the points in their order, to a tenth of a pixel; neighbours on the same spot become one, and points
 * that are no numbers are left out. Every vertex can carry a marker, so a lone point is a line of no length.
 */
export function pathThrough(points: readonly Point[], toX: Scale, toY: Scale): string {
  const places = points
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .map(({ x, y }) => `${tenth(toX(x))} ${tenth(toY(y))}`)
  const apart = places.filter((place, i) => place !== places[i - 1])
  return apart.length === 1
    ? `M${apart[0]}L${apart[0]}`
    : apart.map((place, i) => `${i === 0 ? 'M' : 'L'}${place}`).join('')
}

/** SVG path of a bar with caps for every point that has a deviation, '' where none has. */
export function barsThrough(points: readonly Point[], toX: Scale, toY: Scale): string {
  return points
    .map(({ x, y, deviation = 0 }) => {
      if (!(deviation > 0)) return ''
      const [at, top, bottom] = [tenth(toX(x)), tenth(toY(y + deviation)), tenth(toY(y - deviation))]
      return `M${at - cap} ${top}h${2 * cap}M${at} ${top}V${bottom}M${at - cap} ${bottom}h${2 * cap}`
    })
    .join('')
}

/** Half the width of a bar's end, in pixels. */
const cap = 4

/**
 * Pixels from the chart's corner that are farther than any screen. A loss that explodes is drawn by the axis of the
 * points before it for one frame, at up to 1e38 pixels, and SVG refuses what a 32-bit float does not hold.
 */
const farthest = 1e5

function tenth(pixels: number): number {
  return Math.round(Math.max(-farthest, Math.min(farthest, pixels)) * 10) / 10
}
