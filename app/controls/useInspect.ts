import { useState } from 'react'
import type { Place } from './followed'
import { useLooks, type Looks } from './useLooks'

/** The weight at a map pixel as it is now; null beside the tiles. */
export function useInspect<R>(at: Place | null, looks: Looks<R>): R | null {
  const [reading, setReading] = useState<R | null>(null)
  useLooks(at, looks, setReading)
  return at ? reading : null
}
