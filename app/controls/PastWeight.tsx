import { useEffect, useState } from 'react'
import type { Recorded } from '../../src/core/recorded'
import { indexOf } from '../../src/core/weightMap'
import { pastReadings, type PastReading } from '../../src/past/pastReading'
import { FollowedWeight } from './FollowedWeight'

interface PastWeightProps {
  readonly record: Recorded
  /** Of the weight that was chosen. */
  readonly reading: PastReading | undefined
  readonly onLeave: () => void
  /** As of `FollowedWeight`. */
  readonly name?: string
}

/** What a weight was in every frame of a run. */
export function PastWeight({ record, reading, ...rest }: PastWeightProps) {
  const [readings, setReadings] = useState<readonly PastReading[]>([])
  const index = reading ? indexOf(record.matrices, reading) : null
  useEffect(() => {
    if (index === null) return undefined
    let gone = false
    const read = async () => {
      const found = await pastReadings(record, index).catch(() => [])
      if (!gone) setReadings(found)
    }
    void read()
    return () => {
      gone = true
    }
  }, [record, index])
  const isSampled = readings.some(({ value }) => value !== undefined)
  return (
    <>
      <FollowedWeight readings={readings} isOver {...rest} />
      {readings.length > 0 && !isSampled && (
        <p className="help">The numbers of this weight were not recorded: only a sample of each layer is.</p>
      )}
    </>
  )
}
