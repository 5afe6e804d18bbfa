import { Fragment } from 'react'
import { Spoken } from '../controls/Spoken'
import { MarkOf } from './marks'
import type { Axis, Place, Readable } from './series'

interface BubbleProps {
  /** The point that is read, then those that cover it; none where nothing is read. */
  readonly shown: readonly Readable[]
  /** Where the point is, in pixels of the chart. */
  readonly at: Place | null
  readonly area: Place & { readonly width: number; readonly height: number }
  readonly x: Axis
  readonly left: Axis
  readonly right: Axis
  /** Whether a screen reader is told as well. */
  readonly spoken: boolean
}

/** Points that are listed by name. */
const most = 5

/** Pixels between a point and its bubble. */
const gap = 14

/** The reading of a chart, next to its point and never over it, and the same for a screen reader. */
export function Bubble({ shown, at, area, x, left, right, spoken }: BubbleProps) {
  const [first] = shown
  const axisOf = ({ series }: Readable) => (series.side === 'right' ? right : left)
  const listed = shown
    .slice(0, most)
    .map((readable) => ({ readable, name: nameOf(readable), value: valueOf(readable, axisOf(readable)) }))
  const more = shown.length > most ? [`and ${shown.length - most} more here`] : []
  const where = first ? [...new Set(shown.map((r) => axisOf(r).label)), `${x.label} ${exactly(x, first.point.x)}`] : []
  const text = [...listed.map(({ name, value }) => `${name}, ${value}`), ...more, ...where].join('; ')
  return (
    <>
      {at && (
        <div className="bubble" style={placed(at, area)} aria-hidden="true">
          {listed.map(({ readable: { series, point }, name, value }) => (
            <Fragment key={`${series.key} ${point.pick ?? ''}`}>
              <MarkOf marker={series.marker ?? 'circle'} colour={series.colour} hollow={series.hollow ?? false} />
              <strong>{name}</strong>
              <span className="figures">{value}</span>
            </Fragment>
          ))}
          {[...more, ...where].map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      <Spoken text={spoken ? text : ''} about={spoken ? text : ''} />
    </>
  )
}

function nameOf({ point, series }: Readable): string {
  const { name = series.label } = point
  return typeof name === 'string' ? name : name()
}

function valueOf({ point: { y, deviation } }: Readable, axis: Axis): string {
  return [exactly(axis, y), ...(deviation === undefined ? [] : [exactly(axis, deviation)])].join(' ± ')
}

function exactly({ exact, format }: Axis, value: number): string {
  return (exact ?? format)(value)
}

/**
 * A point in the left half has its bubble on the right, any other on the left. A bubble is moved up by a share of its
 * own height, the larger the lower the point lies, so that it stays inside.
 */
function placed({ x, y }: Place, area: BubbleProps['area']) {
  const down = Math.min(1, Math.max(0, (y - area.y) / area.height))
  const upright = { top: area.y + down * area.height, transform: `translateY(${-100 * down}%)` }
  const isLeft = x < area.x + area.width / 2
  return isLeft
    ? { ...upright, left: x + gap, maxWidth: area.x + area.width - x - gap }
    : { ...upright, right: `calc(100% - ${x - gap}px)`, maxWidth: x - gap }
}
