import { useEffect, useState } from 'react'
import type { Recorded } from '../../../src/core/recorded'
import { maskAt } from '../../../src/past/maskAt'
import type { Pair } from '../../../src/past/paintPair'
import { useActions } from '../../store'

/** The courses of two runs and their last masks; ids of runs of which none are kept, or none that can be read. */
export interface FoundPair {
  readonly missing: readonly string[]
  readonly records: readonly [Recorded, Recorded]
  readonly pair: Pair
}

/** Null until both are there. */
export function usePair(a: string, b: string): FoundPair | null {
  const { recordOf } = useActions()
  const [found, setFound] = useState<(FoundPair & { readonly of: string }) | null>(null)
  const of = `${a} ${b}`
  useEffect(() => {
    let gone = false
    const load = async () => {
      const [first, second] = await Promise.all([a, b].map((id) => lastOf(recordOf(id))))
      const missing = [...(first ? [] : [a]), ...(second ? [] : [b])]
      const records = [first?.record ?? nothing, second?.record ?? nothing] as const
      const pair = [first?.mask ?? none, second?.mask ?? none] as const
      if (!gone) setFound({ of, missing, records, pair })
    }
    void load()
    return () => {
      gone = true
    }
  }, [recordOf, of, a, b])
  return found?.of === of ? found : null
}

const nothing: Recorded = { matrices: [], frames: [] }
const none = new Uint32Array(0)

async function lastOf(asked: Promise<Recorded | null>) {
  const record = await asked
  if (!record || record.frames.length === 0) return null
  const mask = await maskAt(record, record.frames.length - 1).catch(() => null)
  return mask && { record, mask }
}
