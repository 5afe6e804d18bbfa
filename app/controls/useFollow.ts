import { useEffect, useState } from 'react'
import type { WeightReading } from '../../src/core/trainer'
import { followed, type Followed } from './followed'

/** Milliseconds between two readings of the weight that is followed. */
const again = 300

/** The weight at a map pixel from now on: what it was each time it was read. Empty beside the tiles. */
export function useFollow(
  at: { readonly x: number; readonly y: number } | null,
  inspect: (x: number, y: number) => Promise<WeightReading | null>,
): readonly WeightReading[] {
  const [path, setPath] = useState<Followed | null>(null)
  useEffect(() => {
    if (!at) return
    let gone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      const reading = await inspect(at.x, at.y)
      if (gone) return
      if (reading) setPath((before) => followed(before, at, reading))
      timer = setTimeout(() => void look(), again)
    }
    void look()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [at, inspect])
  return path !== null && path.at === at ? path.readings : []
}
