import { useEffect, useState } from 'react'
import type { Recorded } from '../../../src/core/recorded'
import { allOf, maskAt } from '../../../src/past/maskAt'
import type { Pair } from '../../../src/past/paintPair'

interface Masks {
  readonly pair: Pair | null
  readonly isDamaged: boolean
}

/** The masks of a frame before `i` and of that frame; null until they are unpacked, or where they are damaged. */
export function useMasks(record: Recorded, i: number): Masks {
  const [masks, setMasks] = useState<Masks>(none)
  useEffect(() => {
    let gone = false
    const unpack = async (): Promise<Masks> => {
      try {
        const before = i > 0 ? maskAt(record, i - 1) : allOf(record.matrices)
        return { pair: await Promise.all([before, maskAt(record, i)]), isDamaged: false }
      } catch {
        return { pair: null, isDamaged: true }
      }
    }
    void unpack().then((next) => (gone ? undefined : setMasks(next)))
    return () => {
      gone = true
    }
  }, [record, i])
  return masks
}

const none: Masks = { pair: null, isDamaged: false }
