import type { Dash, Marker } from './marks'

/**
 * A point of a chart; `name` is what its reading says besides the numbers, `pick` what a click on it means. A name that
 * takes a while to write is a function: it is asked for where a point is read.
 */
export interface Point {
  readonly x: number
  readonly y: number
  readonly name?: string | (() => string)
  /** Drawn as a bar up and down from the point, in units of y. */
  readonly deviation?: number
  readonly pick?: string
}

/** A line, a cloud of markers, or both. Colours are CSS colours, custom properties among them. */
export interface Series {
  readonly key: string
  readonly label: string
  readonly colour: string
  readonly points: readonly Point[]
  readonly dash?: Dash
  readonly width?: number
  readonly opacity?: number
  readonly marker?: Marker
  readonly hollow?: boolean
  readonly radius?: number
  /** Which vertical axis it is read on; left by default. */
  readonly side?: 'left' | 'right'
  /**
   * Pixels to the right of where it belongs: points at one place are drawn side by side. Readings say where they
   * belong.
   */
  readonly shift?: number
  /** Left out of the readings under the pointer, for lines that only lead the eye. */
  readonly silent?: boolean
}

export interface Axis {
  readonly label: string
  readonly domain: readonly [number, number]
  readonly ticks?: readonly number[]
  readonly format: (value: number) => string
  /** How a value is written that is read off; like a tick unless given. */
  readonly exact?: (value: number) => string
  /** Pixels that stay free at both ends of a horizontal axis, 0 unless given. */
  readonly pad?: number
}

/** Whether two axes look the same. */
export function sameAxis(a: Axis | undefined, b: Axis | undefined): boolean {
  if (!a || !b) return a === b
  return (
    a.label === b.label
    && a.format === b.format
    && a.pad === b.pad
    && a.domain.join() === b.domain.join()
    && a.ticks?.join() === b.ticks?.join()
  )
}

/**
 * A horizontal line at a value of the left axis. The legend says what it is: a label on it would hide points or ticks.
 */
export interface Reference {
  readonly y: number
  readonly label: string
  readonly dash: Dash
}

export interface PlotProps {
  readonly series: readonly Series[]
  readonly x: Axis
  readonly left: Axis
  readonly right?: Axis
  readonly references?: readonly Reference[]
  /** Where on the horizontal axis a line stands upright: the moment that the page shows. */
  readonly moment?: number
  /** One sentence for people who do not see the picture. */
  readonly summary: string
  readonly onPick?: (pick: string) => void
  /** What a reading under the pointer or the keyboard is of; null where there is none. Always the same function. */
  readonly onRead?: (pick: string | null) => void
}

/** A point that can be read off: where it is, and of which series. */
export interface Readable {
  readonly series: Series
  readonly point: Point
}

/** Where something is, in pixels of the chart. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** Pixels within which two points cover each other. */
const near = 5

/** The point and all that are drawn over it, the point itself first. */
export function together(
  all: readonly Readable[],
  at: Readable,
  place: (readable: Readable) => Place,
): readonly Readable[] {
  const here = place(at)
  const others = all.filter((r) => r !== at && Math.hypot(place(r).x - here.x, place(r).y - here.y) <= near)
  return [at, ...others]
}

/** All points that a reading can land on, from left to right. */
export function readables(series: readonly Series[]): readonly Readable[] {
  return series
    .filter((s) => !s.silent)
    .flatMap((s) => s.points.map((point) => ({ series: s, point })))
    .sort((a, b) => a.point.x - b.point.x)
}

/** Whether two draws of a chart mean the same point: each draw makes its own objects. */
export function isSame(a: Readable, b: Readable | null): boolean {
  return (
    a.series.key === b?.series.key
    && a.point.x === b.point.x
    && a.point.y === b.point.y
    && a.point.pick === b.point.pick
  )
}

/**
 * The point to the right (1) or left (-1) of one of an earlier draw; where that is gone, the one nearest to its place
 * on that side.
 */
export function beside(all: readonly Readable[], at: Readable | null, by: 1 | -1): Readable | null {
  const right = by > 0
  const now = right ? all.findLastIndex((r) => isSame(r, at)) : all.findIndex((r) => isSame(r, at))
  const next =
    now >= 0
      ? all[now + by]
      : right
        ? all.find((r) => !at || r.point.x >= at.point.x)
        : all.findLast((r) => !at || r.point.x <= at.point.x)
  return next ?? all.at(right ? -1 : 0) ?? null
}
