import { useEffect, useState } from 'react'
import type { WeightReading } from '../../src/core/trainer'

/** Milliseconds between looks at the same weight, so that its reading follows training. */
const again = 400

/**
 * The weight at a map pixel: asked when the pixel changes and again while it stays. One question is under way at a
 * time, so that a fast pointer does not queue them up in the worker.
 */
export function useInspect(
  at: { readonly x: number; readonly y: number } | null,
  inspect: (x: number, y: number) => Promise<WeightReading | null>,
) {
  const [reading, setReading] = useState<WeightReading | null>(null)
  const x = at?.x
  const y = at?.y
  useEffect(() => {
    if (x === undefined || y === undefined) return
    let gone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      const answer = await inspect(x, y)
      if (gone) return
      setReading(answer)
      timer = setTimeout(() => void look(), again)
    }
    timer = setTimeout(() => void look(), 30)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [x, y, inspect])
  return at ? reading : null
}
