import { useEffect, useMemo, useState, type ReactNode } from 'react'
import type { Recorded } from '../../src/core/recorded'
import { indexOf } from '../../src/core/weightMap'
import { partReadings, type PartReading } from '../../src/past/partReadings'
import { partsOf, type Part } from '../../src/past/parts'
import type { ReadWeight } from './followed'
import { FollowedLines } from './FollowedLines'
import { count } from './format'
import { layerName } from './layerName'
import { Segments } from './Segments'

interface FollowChoiceProps {
  readonly record: Recorded
  /** The weight that is followed; undefined where nothing was read of it. */
  readonly reading: ReadWeight | undefined
  readonly onLeave: () => void
  /** Draws the weight itself. */
  readonly children: ReactNode
}

type Kind = Part['kind'] | 'weight'

/** What is followed: a weight, or what it is a part of, in every moment that the run's history holds. */
export function FollowChoice({ record, reading, onLeave, children }: FollowChoiceProps) {
  const [kind, setKind] = useState<Kind>('weight')
  const { layer, row, column } = reading ?? nowhere
  const parts = useMemo(() => {
    const index = indexOf(record.matrices, { layer, row, column })
    return index === null ? [] : partsOf(record.matrices, index)
  }, [record.matrices, layer, row, column])
  const part = parts.find((one) => one.kind === kind)
  const readings = useReadings(record, part)
  if (record.frames.length === 0 || parts.length === 0) return children
  const options = Object.fromEntries([['weight', 'Weight'], ...parts.map((one) => [one.kind, titleOf(one)])]) as Options
  return (
    <>
      <Segments label="Follow" options={options} value={part?.kind ?? 'weight'} onChange={setKind} />
      {part ? (
        <section className="followed" aria-label={`Followed ${part.kind}`}>
          <p>
            <b>{nameOf(part, layer)}</b>, {stepsOf(readings)}: means over the size of its kept weights{' '}
            <button type="button" className="link" onClick={onLeave}>
              Stop following
            </button>
          </p>
          <FollowedLines readings={readings} />
          <p className="help">From the moments that were recorded, and from its sampled weights where it is large.</p>
        </section>
      ) : (
        children
      )}
    </>
  )
}

type Options = Readonly<Record<Kind, string>>

const nowhere = { layer: '', row: 0, column: 0 }

/** Those of a part in every frame; those of the frames before stay until they are read. */
function useReadings(record: Recorded, part: Part | undefined): readonly PartReading[] {
  const [found, setFound] = useState<{ readonly part: Part; readonly readings: readonly PartReading[] } | null>(null)
  useEffect(() => {
    if (!part) return undefined
    let gone = false
    // A frame that is damaged is named beside the map.
    const read = async () => {
      const readings = await partReadings(record, part).catch(() => [])
      if (!gone) setFound({ part, readings })
    }
    void read()
    return () => {
      gone = true
    }
  }, [record, part])
  return found && found.part === part ? found.readings : []
}

const titles = { row: 'Row', head: 'Head', neuron: 'Neuron', layer: 'Layer' } as const

function titleOf({ kind, number }: Part): string {
  return kind === 'layer' ? titles.layer : `${titles[kind]} ${count(number)}`
}

function nameOf(part: Part, layer: string): string {
  const matrix = layerName(layer, Infinity)
  const block = matrix.split(' ').slice(0, -1).join(' ')
  if (part.kind === 'layer') return matrix
  return `${titleOf(part)} of ${part.kind === 'row' ? matrix : block}`
}

function stepsOf(readings: readonly PartReading[]): string {
  const [first, last] = [readings[0], readings.at(-1)]
  return first && last ? `steps ${count(first.step)} to ${count(last.step)}` : 'reading'
}
