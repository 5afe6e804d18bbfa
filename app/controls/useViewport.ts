import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react'
import { fit, isWhole, pan, zoom, type Size, type View } from './viewport'

interface Place {
  readonly x: number
  readonly y: number
}

/** Zoom and pan of a map in a box by wheel, drag and pinch. Wheeling outwards at the whole map scrolls the page. */
export function useViewport(ref: RefObject<HTMLElement | null>, map: Size, box: Size) {
  const [chosen, setChosen] = useState<View | null>(null)
  const view = chosen ? pan(chosen, 0, 0, map, box) : fit(map, box)
  const whole = isWhole(view, map, box)
  const pointers = useRef(new Map<number, Place>())
  const place = (event: { clientX: number; clientY: number }): Place => {
    const corner = ref.current?.getBoundingClientRect()
    return { x: event.clientX - (corner?.left ?? 0), y: event.clientY - (corner?.top ?? 0) }
  }
  const zoomAt = (factor: number, at: Place = { x: box.width / 2, y: box.height / 2 }) => {
    const next = zoom(view, factor, at, map, box)
    setChosen(isWhole(next, map, box) ? null : next)
  }
  const wheel = useRef<(event: WheelEvent) => void>(undefined)
  useEffect(() => {
    wheel.current = (event) => {
      if (whole && event.deltaY > 0) return
      event.preventDefault()
      zoomAt(Math.exp(-event.deltaY / (event.deltaMode === 1 ? 15 : 400)), place(event))
    }
  })
  useEffect(() => {
    const element = ref.current
    // React listens to wheel passively, where preventDefault does nothing.
    const listener = (event: WheelEvent) => wheel.current?.(event)
    element?.addEventListener('wheel', listener, { passive: false })
    return () => element?.removeEventListener('wheel', listener)
  }, [ref])
  const down = (event: PointerEvent) => {
    pointers.current.set(event.pointerId, place(event))
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const up = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId)
  }
  const move = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId)
    if (!before) return
    const now = place(event)
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
    pointers.current.set(event.pointerId, now)
    if (other)
      zoomAt(distance(now, other) / Math.max(1, distance(before, other)), {
        x: (now.x + other.x) / 2,
        y: (now.y + other.y) / 2,
      })
    else if (!whole) setChosen(pan(view, now.x - before.x, now.y - before.y, map, box))
  }
  return {
    view,
    whole,
    place,
    zoomAt,
    show: setChosen,
    showAll: () => setChosen(null),
    handlers: { onPointerDown: down, onPointerUp: up, onPointerCancel: up },
    move,
  }
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
