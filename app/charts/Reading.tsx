import { useEffect, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { createPortal } from 'react-dom'
import { Bubble } from './Bubble'
import type { Scale } from './paths'
import { beside, isSame, readables, together, type Axis, type Place, type Readable, type Series } from './series'

interface ReadingProps {
  readonly series: readonly Series[]
  readonly x: Axis
  readonly left: Axis
  readonly right: Axis
  /** Where points may be, in pixels of the chart. */
  readonly area: Place & { readonly width: number; readonly height: number }
  /** The element over the chart that the bubble is put into. */
  readonly over: HTMLElement
  readonly toX: (series: Series) => Scale
  readonly toY: (series: Series) => Scale
  readonly onPick?: (pick: string) => void
  readonly onRead?: (pick: string | null) => void
}

/** How far from the pointer a point may be, in pixels, to be the one that is read. */
const reach = 60

/**
 * Reads the point nearest to the pointer, or steps through the points with the arrow keys; Enter or a click picks it.
 */
export function Reading({ series, x, left, right, area, over, toX, toY, onPick, onRead }: ReadingProps) {
  const [at, setAt] = useState<Readable | null>(null)
  const [byKey, setByKey] = useState(false)
  const read = at?.point.pick ?? null
  useEffect(() => onRead?.(read), [onRead, read])
  const place = ({ point, series: s }: Readable): Place => ({ x: toX(s)(point.x), y: toY(s)(point.y) })
  const move = (event: PointerEvent<SVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const pointer = { x: event.clientX - box.left + area.x, y: event.clientY - box.top + area.y }
    setByKey(false)
    setAt(nearest(readables(series), pointer, place))
  }
  const pick = () => {
    if (at?.point.pick !== undefined) onPick?.(at.point.pick)
  }
  const keys = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (event.key === 'Enter') pick()
    if (event.key === 'Escape') setAt(null)
    if (by === 0) return
    event.preventDefault()
    setByKey(true)
    setAt(beside(readables(series), at, by))
  }
  // A chart is drawn often and read seldom.
  const all = at ? readables(series) : []
  const shown = all.find((r) => isSame(r, at))
  return (
    <g>
      <rect
        className="plot-surface"
        x={area.x}
        y={area.y}
        width={area.width}
        height={area.height}
        fill="transparent"
        tabIndex={0}
        role="application"
        aria-roledescription="chart"
        aria-label={
          'Points of the chart. Left and right arrow keys read ' + `them${onPick ? ', Enter chooses one' : ''}`
        }
        onPointerMove={move}
        onPointerDown={move}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={keys}
        onClick={pick}
        style={{ cursor: onPick && at?.point.pick !== undefined ? 'pointer' : 'crosshair' }}
      />
      {shown && (
        <circle
          cx={place(shown).x}
          cy={place(shown).y}
          r={8}
          fill="none"
          stroke="var(--ink)"
          strokeWidth={1.5}
          pointerEvents="none"
        />
      )}
      {createPortal(
        <Bubble
          shown={shown ? together(all, shown, place) : []}
          at={shown ? place(shown) : null}
          area={area}
          x={x}
          left={left}
          right={right}
          spoken={byKey}
        />,
        over,
      )}
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
