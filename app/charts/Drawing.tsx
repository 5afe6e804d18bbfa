import { createContext, useContext, useId } from 'react'
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import { dashes, Mark } from './marks'
import { barsThrough, pathThrough, type Scale } from './paths'
import { Reading } from './Reading'
import type { PlotProps, Series } from './series'

/** What a chart draws inside its axes. It comes by context, so that new points do not redraw the axes. */
export interface Shown extends Omit<PlotProps, 'summary'> {
  /** The element over the chart that readings are put into. */
  readonly over: HTMLElement
}
export const ShownContext = createContext<Shown | null>(null)

/** Every series as one path for its line and one that carries its markers, then the reading under the pointer. */
export function Drawing() {
  const shown = useContext(ShownContext)
  const area = usePlotArea()
  const x = useXAxisScale()
  const left = useYAxisScale('left')
  const right = useYAxisScale('right')
  if (!shown || !area || !x || !left) return null
  const { series, references = [], moment, onPick, onRead } = shown
  const toX =
    ({ shift = 0 }: Series): Scale =>
    (value) =>
      (x(value) ?? 0) + shift
  const toY =
    (s: Series): Scale =>
    (value) =>
      ((s.side === 'right' ? right : left) ?? left)(value) ?? 0
  return (
    <g>
      {references.map(({ y, label, dash }) => (
        <line
          key={label}
          x1={area.x}
          x2={area.x + area.width}
          y1={left(y) ?? 0}
          y2={left(y) ?? 0}
          stroke="var(--ink)"
          strokeDasharray={dashes[dash]}
        />
      ))}
      {moment !== undefined && (
        <line className="plot-moment" x1={x(moment) ?? 0} x2={x(moment) ?? 0} y1={area.y} y2={area.y + area.height} />
      )}
      {series.map((s) => (
        <SeriesLine key={s.key} series={s} toX={toX(s)} toY={toY(s)} />
      ))}
      {series.map((s) => (
        <SeriesMarks key={s.key} series={s} toX={toX(s)} toY={toY(s)} />
      ))}
      <Reading
        series={series}
        x={shown.x}
        left={shown.left}
        right={shown.right ?? shown.left}
        area={area}
        over={shown.over}
        toX={toX}
        toY={toY}
        {...(onPick ? { onPick } : {})}
        {...(onRead ? { onRead } : {})}
      />
    </g>
  )
}

interface SeriesProps {
  readonly series: Series
  readonly toX: Scale
  readonly toY: Scale
}

function SeriesLine({ series, toX, toY }: SeriesProps) {
  const { dash, points, colour, width = 2, opacity = 1 } = series
  if (!dash || points.length < 2) return null
  return (
    <path
      d={pathThrough(points, toX, toY)}
      fill="none"
      stroke={colour}
      strokeWidth={width}
      strokeOpacity={opacity}
      strokeDasharray={dashes[dash]}
    />
  )
}

/** The browser puts the marker on every vertex: one element however many points. */
function SeriesMarks({ series, toX, toY }: SeriesProps) {
  const id = useId()
  const { marker, points, colour, hollow = false, radius = 4 } = series
  if (!marker || points.length === 0) return null
  const url = `url(#${id})`
  const bars = barsThrough(points, toX, toY)
  return (
    <>
      {bars !== '' && <path d={bars} fill="none" stroke={colour} strokeWidth={1.2} />}
      <marker id={id} markerUnits="userSpaceOnUse" overflow="visible">
        <Mark marker={marker} colour={colour} hollow={hollow} r={radius} />
      </marker>
      <path
        d={pathThrough(points, toX, toY)}
        fill="none"
        stroke="none"
        markerStart={url}
        markerMid={url}
        markerEnd={url}
      />
    </>
  )
}
