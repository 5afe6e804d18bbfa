import { ComposedChart, CartesianGrid, Line, ReferenceLine, ResponsiveContainer, Scatter, XAxis, YAxis, type ScatterShapeProps } from 'recharts'
import { dashes, Mark } from './marks'
import { Reading } from './Reading'
import type { Axis, PlotProps, Series } from './series'

/**
 * The one place that draws with recharts; loaded when the first chart has something to show. It animates nothing and draws
 * lines without dots, so that 400 points a series cost one path.
 */
export default function Plot({ series, x, left, right, references = [], summary, onPick }: PlotProps) {
  return (
    <div className="plot" role="figure" aria-label={summary}>
      <p className="axis-titles" aria-hidden="true"><span>{left.label}</span><span>{right?.label}</span></p>
      <ResponsiveContainer width="100%" height="100%" className="plot-area">
        <ComposedChart margin={{ top: 8, right: right ? 0 : 14, bottom: 16, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--hairline)" vertical={false} />
          <XAxis
            dataKey="x" {...axisProps(x)} height={34} minTickGap={24}
            label={{ value: x.label, position: 'insideBottom', offset: -8, className: 'axis-label' }}
          />
          <YAxis yAxisId="left" {...axisProps(left)} width={44} />
          {right && <YAxis yAxisId="right" orientation="right" {...axisProps(right)} width={46} />}
          {references.map((reference) => (
            <ReferenceLine
              key={reference.label} yAxisId="left" y={reference.y} stroke="var(--ink)" strokeDasharray="2 3" ifOverflow="extendDomain"
              label={{ value: reference.label, position: 'insideTopLeft', className: 'axis-label' }}
            />
          ))}
          {series.map(drawLine)}
          {series.map(drawMarks)}
          <Reading series={series} x={x} left={left} right={right ?? left} {...(onPick ? { onPick } : {})} />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

function axisProps(axis: Axis) {
  return {
    domain: [axis.domain[0], axis.domain[1]] as [number, number], tickFormatter: axis.format, type: 'number' as const, tickLine: false, allowDataOverflow: false,
    axisLine: { stroke: 'var(--rule)' }, tick: { className: 'tick' }, ...(axis.ticks ? { ticks: [...axis.ticks] } : {}),
  }
}

function drawLine(s: Series) {
  // Recharts draws a line of one point as a dot of its own.
  if (!s.dash || s.points.length < 2) return null
  return (
    <Line
      key={`${s.key} line`} yAxisId={s.side ?? 'left'} data={[...s.points]} dataKey="y" stroke={s.colour} strokeWidth={s.width ?? 2}
      strokeOpacity={s.opacity ?? 1} strokeDasharray={dashes[s.dash] === 'none' ? '' : dashes[s.dash]} type="linear" dot={false} activeDot={false} isAnimationActive={false}
    />
  )
}

function drawMarks(s: Series) {
  const { marker } = s
  if (!marker) return null
  return (
    <Scatter
      key={`${s.key} marks`} yAxisId={s.side ?? 'left'} data={[...s.points]} dataKey="y" isAnimationActive={false}
      shape={({ cx, cy }: ScatterShapeProps) => (
        <Mark marker={marker} colour={s.colour} hollow={s.hollow ?? false} r={s.radius ?? 4} x={cx ?? 0} y={cy ?? 0} />
      )}
    />
  )
}
