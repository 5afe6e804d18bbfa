import { useCallback, useMemo, type ReactNode } from 'react'
import { classLooks } from '../../charts/looks'
import { count, value } from '../../controls/format'
import { FollowChoice } from '../../controls/FollowChoice'
import { MaskMap } from '../../controls/MaskMap'
import { WeightDetails } from '../../controls/WeightDetails'
import type { Recorded } from '../../../src/core/recorded'
import { mapLayout, type Matrix } from '../../../src/core/weightMap'
import { unitName } from '../../controls/unitName'
import { pastReading, type PastReading } from '../../../src/past/pastReading'
import { ClassLegend } from './ClassLegend'
import { PastLegend } from './PastLegend'
import { SaveShownMap } from './SaveShownMap'
import { PastWeight } from '../../controls/PastWeight'
import { usePointed } from './usePointed'
import { useMasks } from './useMasks'

interface PastMapProps {
  readonly record: Recorded
  /** Number of the frame. */
  readonly i: number
  readonly dark: boolean
  readonly scrubber: ReactNode
}

/** The masks of a run at one of its frames: what is kept, what was cut or came back since the frame before. */
export function PastMap({ record, i, dark, scrubber }: PastMapProps) {
  const { pair, isDamaged } = useMasks(record, i)
  const mask = pair?.[1]
  const read = useCallback((index: number) => (mask ? pastReading(record, i, mask, index) : null), [record, i, mask])
  const layout = useMemo(() => mapLayout(record.matrices), [record])
  const pointed = usePointed(record.matrices)
  const frame = record.frames[i]
  if (!frame) return null
  return (
    <>
      <SaveShownMap layout={layout} dark={dark} mode={null} record={record} />
      <MaskMap
        matrices={record.matrices}
        pair={pair}
        dark={dark}
        read={read}
        legend={
          <>
            <ClassLegend plain />
            <PastLegend record={record} i={i} dark={dark} />
          </>
        }
        scrubber={scrubber}
        facts={(reading) => <PastFacts reading={reading} matrices={record.matrices} />}
        words={(reading) => pastWords(reading, record.matrices)}
        followed={(readings, leave) => (
          <FollowChoice record={record} reading={readings.at(-1)} onLeave={leave}>
            <PastWeight record={record} reading={readings.at(-1)} onLeave={leave} />
          </FollowChoice>
        )}
        {...pointed}
        summary={`Weight map after step ${count(frame.step)}: what is kept and what is cut`}
      />
      {isDamaged && (
        <p className="note" role="status">
          What was stored of this moment is damaged, so its map cannot be drawn. Start makes the run again.
        </p>
      )}
    </>
  )
}

interface PastFactsProps {
  readonly reading: PastReading | null
  readonly matrices: readonly Matrix[]
}

const numbers = { value: 'Value', noise: 'Noise', importance: 'Importance', peak: 'Peak' } as const

function PastFacts({ reading, matrices }: PastFactsProps) {
  return (
    <WeightDetails reading={reading} matrices={matrices} where={reading ? `, after step ${count(reading.step)}` : ''}>
      {(known) => (
        <>
          <div>
            <dt>{known.class ? classLooks[known.class].name : 'Mask'}</dt>
            <dd>{known.cut ? 'cut' : 'kept'}</dd>
          </div>
          {(Object.keys(numbers) as (keyof typeof numbers)[]).map((number) => (
            <div key={number}>
              <dt>{numbers[number]}</dt>
              <dd>{text(known[number])}</dd>
            </div>
          ))}
        </>
      )}
    </WeightDetails>
  )
}

function text(number: number | null | undefined): string {
  return number === null || number === undefined ? '–' : value(number)
}

function pastWords(reading: PastReading, matrices: readonly Matrix[]): string {
  const { layer, row, column, step, cut } = reading
  const unit = unitName(matrices, reading)
  const fate = `${cut ? 'cut' : 'kept'} after step ${count(step)}`
  return `${fate}; row ${count(row)}, column ${count(column)} of ${layer}${unit && `, ${unit}`}`
}
