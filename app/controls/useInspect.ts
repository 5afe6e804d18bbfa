import { useState } from 'react'
import type { WeightReading } from '../../src/core/trainer'
import type { Place } from './followed'
import { useLooks, type Looks } from './useLooks'

/** The weight at a map pixel as it is now; null beside the tiles. */
export function useInspect(at: Place | null, looks: Looks): WeightReading | null {
  const [reading, setReading] = useState<WeightReading | null>(null)
  useLooks(at, looks, setReading)
  return at ? reading : null
}
