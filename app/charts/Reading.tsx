import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { Mark } from './marks'
import type { Scale } from './paths'
import { beside, isSame, readables, type Axis, type Readable, type Series } from './series'

interface ReadingProps {
  readonly series: readonly Series[]
  readonly x: Axis
  readonly left: Axis
  readonly right: Axis
  /** Where points may be, in pixels of the chart. */
  readonly area: Place & { readonly width: number; readonly height: number }
  readonly toX: Scale
  readonly toY: (series: Series) => Scale
  readonly onPick?: (pick: string) => void
}

/** How far from the pointer a point may be, in pixels, to be the one that is read. */
const reach = 60

/** Reads the point nearest to the pointer, or steps through the points with the arrow keys; Enter or a click picks it. */
export function Reading({ series, x, left, right, area, toX, toY, onPick }: ReadingProps) {
  const [at, setAt] = useState<Readable | null>(null)
  const place = ({ point, series: s }: Readable) => ({ x: toX(point.x), y: toY(s)(point.y) })
  const move = (event: PointerEvent<SVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const pointer = { x: event.clientX - box.left + area.x, y: event.clientY - box.top + area.y }
    setAt(nearest(readables(series), pointer, place))
  }
  const pick = () => { if (at?.point.pick !== undefined) onPick?.(at.point.pick) }
  const keys = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (event.key === 'Enter') pick()
    if (event.key === 'Escape') setAt(null)
    if (by === 0) return
    event.preventDefault()
    setAt(beside(readables(series), at, by))
  }
  const shown = readables(series).find((r) => isSame(r, at))
  return (
    <g>
      <rect
        className="plot-surface" {...area} fill="transparent" tabIndex={0} role="application" aria-roledescription="chart"
        aria-label={shown ? sentence(shown, x, left, right) : 'Points of the chart; left and right arrow keys read them'}
        onPointerMove={move} onPointerDown={move} onPointerLeave={() => setAt(null)} onBlur={() => setAt(null)} onKeyDown={keys} onClick={pick}
        style={{ cursor: at?.point.pick === undefined ? 'crosshair' : 'pointer' }}
      />
      {shown && <Bubble readable={shown} at={place(shown)} area={area} text={lines(shown, x, left, right)} />}
    </g>
  )
}

function nearest(all: readonly Readable[], pointer: Place, place: (readable: Readable) => Place): Readable | null {
  let best: Readable | null = null
  let bestDistance = reach
  for (const readable of all) {
    const { x, y } = place(readable)
    const distance = Math.hypot(x - pointer.x, y - pointer.y)
    if (distance < bestDistance) [best, bestDistance] = [readable, distance]
  }
  return best
}

interface Place {
  readonly x: number
  readonly y: number
}

function lines({ series, point }: Readable, x: Axis, left: Axis, right: Axis): string[] {
  const y = series.side === 'right' ? right : left
  return [point.name ?? series.label, `${y.label} ${y.format(point.y)}`, `${x.label} ${x.format(point.x)}`]
}

function sentence(readable: Readable, x: Axis, left: Axis, right: Axis): string {
  return lines(readable, x, left, right).join(', ')
}

interface BubbleProps {
  readonly readable: Readable
  readonly at: Place
  readonly area: ReadingProps['area']
  readonly text: readonly string[]
}

function Bubble({ readable, at, area, text }: BubbleProps) {
  const width = Math.max(...text.map((line) => line.length)) * 6.3 + 16
  const height = text.length * 16 + 10
  const x = at.x + 12 + width > area.x + area.width ? at.x - 12 - width : at.x + 12
  const y = Math.min(Math.max(area.y, at.y - height / 2), area.y + area.height - height)
  return (
    <g pointerEvents="none">
      <circle cx={at.x} cy={at.y} r={8} fill="none" stroke="var(--ink)" strokeWidth={1.5} />
      <Mark marker={readable.series.marker ?? 'circle'} colour={readable.series.colour} hollow={readable.series.hollow ?? false} r={3.5} x={at.x} y={at.y} />
      <rect x={Math.max(0, x)} y={y} width={width} height={height} rx={4} fill="var(--panel)" stroke="var(--rule)" />
      <text className="bubble" x={Math.max(0, x) + 8} y={y + 4}>
        {text.map((line, i) => <tspan key={line} x={Math.max(0, x) + 8} dy={i === 0 ? 12 : 16} fontWeight={i === 0 ? 600 : 400}>{line}</tspan>)}
      </text>
    </g>
  )
}
