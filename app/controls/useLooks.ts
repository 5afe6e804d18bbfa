import { useEffect } from 'react'
import type { Place } from './followed'

/** How weights are read. */
export interface Looks<R> {
  readonly inspect: (x: number, y: number) => Promise<R | null>
  /** The step at which the run stands still, so that one look will do; null while it moves. */
  readonly standsAt: number | null
}

/** Milliseconds between looks at the same weight, so that its reading follows training. */
const again = 350

/**
 * Hands on what lies at a map pixel: asked when the pixel changes, and again while the run moves. One question is under
 * way at a time, so that a fast pointer does not queue them up in the worker.
 * @param onReading always the same function
 */
export function useLooks<R>(
  at: Place | null,
  { inspect, standsAt }: Looks<R>,
  onReading: (reading: R | null, at: Place) => void,
): void {
  useEffect(() => {
    if (!at) return
    let gone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      const reading = await inspect(at.x, at.y)
      if (gone) return
      onReading(reading, at)
      if (standsAt === null) timer = setTimeout(() => void look(), again)
    }
    timer = setTimeout(() => void look(), 30)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [at, inspect, standsAt, onReading])
}
