import { memo, useState } from 'react'
import { CartesianGrid, ComposedChart, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { Drawing, ShownContext } from './Drawing'
import { sameAxis, type Axis, type PlotProps } from './series'

/**
 * The one place that draws with recharts; loaded before the first chart has something to show. Recharts makes axes,
 * grid and scales. It is given no points: a redraw of 400 points a series through its own `Line` and `Scatter` kept the
 * page busy for 75 to 200 ms, as one path a series it takes 1 to 3.
 */
export default function Plot({ summary, ...shown }: PlotProps) {
  const { x, left, right } = shown
  const [over, setOver] = useState<HTMLElement | null>(null)
  return (
    <div className="plot" role="figure" aria-label={summary}>
      <p className="axis-titles" aria-hidden="true">
        <span>{left.label}</span>
        <span>{right?.label}</span>
      </p>
      <div className="plot-space" ref={setOver}>
        <ShownContext value={over && { ...shown, over }}>
          <Frame x={x} left={left} right={right} />
        </ShownContext>
      </div>
    </div>
  )
}

interface FrameProps {
  readonly x: Axis
  readonly left: Axis
  readonly right: Axis | undefined
}

/** Axes and grid; made anew only when an axis changes. What changes with the points is drawn by `Drawing`. */
const Frame = memo(
  function Frame({ x, left, right }: FrameProps) {
    return (
      <ResponsiveContainer width="100%" height="100%" className="plot-area">
        <ComposedChart margin={{ top: 8, right: right ? 0 : 14, bottom: 16, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--hairline)" vertical={false} verticalPoints={[]} />
          <XAxis
            dataKey="x"
            {...axisProps(x)}
            height={34}
            padding={{ left: x.pad ?? 0, right: x.pad ?? 0 }}
            label={{ value: x.label, position: 'insideBottom', offset: -8, className: 'axis-label' }}
          />
          <YAxis yAxisId="left" {...axisProps(left)} width={44} />
          {right && <YAxis yAxisId="right" orientation="right" {...axisProps(right)} width={46} />}
          <Drawing />
        </ComposedChart>
      </ResponsiveContainer>
    )
  },
  (a, b) => sameAxis(a.x, b.x) && sameAxis(a.left, b.left) && sameAxis(a.right, b.right),
)

/**
 * Recharts takes a domain without points only where they may overflow it. With interval 0 it draws the ticks as they
 * are: they are few, and to measure each of them at every draw took a third of the longest task.
 */
function axisProps(axis: Axis) {
  return {
    domain: [axis.domain[0], axis.domain[1]] as [number, number],
    tickFormatter: axis.format,
    type: 'number' as const,
    tickLine: false,
    allowDataOverflow: true,
    interval: 0 as const,
    axisLine: { stroke: 'var(--rule)' },
    tick: Tick,
    ...(axis.ticks ? { ticks: [...axis.ticks] } : {}),
  }
}

interface TickProps {
  readonly x: number | string
  readonly y: number | string
  readonly payload: { readonly value: number }
  readonly textAnchor?: 'start' | 'middle' | 'end' | 'inherit' | undefined
  readonly verticalAnchor?: string | undefined
  readonly index: number
  readonly tickFormatter?: ((value: number, index: number) => string) | undefined
}

/** A number at an axis. Recharts' own text measures its words at every draw, to wrap them; these are short. */
function Tick({ x, y, payload: { value }, textAnchor, verticalAnchor, index, tickFormatter }: TickProps) {
  const below = verticalAnchor === 'start'
  return (
    <text
      className="recharts-text recharts-cartesian-axis-tick-value tick"
      x={x}
      y={y}
      dy={below ? '0.71em' : '0.355em'}
      textAnchor={textAnchor}
    >
      {tickFormatter ? tickFormatter(value, index) : value}
    </text>
  )
}
