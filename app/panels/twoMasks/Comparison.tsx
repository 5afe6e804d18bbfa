import { useCallback, useMemo } from 'react'
import { classLooks } from '../../charts/looks'
import { count, percent, value } from '../../controls/format'
import { MaskMap } from '../../controls/MaskMap'
import { PastWeight } from '../../controls/PastWeight'
import { SaveMap } from '../../controls/SaveMap'
import { WeightDetails } from '../../controls/WeightDetails'
import type { Recorded } from '../../../src/core/recorded'
import { mapLayout } from '../../../src/core/weightMap'
import { agreement, overlapOf, overlaps, type Overlap } from '../../../src/past/overlap'
import type { Pair } from '../../../src/past/paintPair'
import { pastReading, type PastReading } from '../../../src/past/pastReading'
import { Differing } from './Differing'
import { OverlapTable } from './OverlapTable'
import { pairEntries } from './pairEntries'
import { PairLegend } from './PairLegend'

interface ComparisonProps {
  readonly records: readonly [Recorded, Recorded]
  readonly pair: Pair
  /** Of the two runs. */
  readonly names: readonly [string, string]
  readonly dark: boolean
}

/** A weight as it ended in both runs. */
interface PairReading extends Pick<PastReading, 'layer' | 'row' | 'column' | 'step'> {
  readonly a: PastReading
  readonly b: PastReading
}

/** Two masks over each other: the map, how much they share, and the numbers of the weights that they do not share. */
export function Comparison({ records, pair, names, dark }: ComparisonProps) {
  const [first, second] = records
  const parts = useMemo(() => overlaps(first.matrices, pair), [first, pair])
  const all = overlapOf(parts)
  const read = useCallback(
    (index: number): PairReading | null => {
      const [a, b] = records.map((record, i) => {
        const mask = pair[i]
        return mask ? pastReading(record, record.frames.length - 1, mask, index) : null
      })
      return a && b ? { layer: a.layer, row: a.row, column: a.column, step: a.step, a, b } : null
    },
    [records, pair],
  )
  const layout = useMemo(() => mapLayout(first.matrices), [first])
  return (
    <>
      <SaveMap
        name="two-masks"
        layout={layout}
        dark={dark}
        caption={() => ({
          title: `A: ${names[0]} | B: ${names[1]}`,
          legend: pairEntries(all, dark).map(([text, colour, n]) => [`${text} ${count(n)}`, colour] as const),
          foot: overlapText(all),
        })}
        numbers={() => [
          ['layer', 'weights', 'a_keeps', 'b_keeps', 'both_keep', 'both_by_chance'],
          ...parts.map(({ name, size, a, b, both, chance }) => [name, size, a, b, both, chance]),
        ]}
      />
      <p>{overlapText(all)}</p>
      <MaskMap
        matrices={first.matrices}
        pair={pair}
        dark={dark}
        read={read}
        scrubber={null}
        legend={<PairLegend overlap={all} dark={dark} />}
        facts={(reading) => <PairFacts reading={reading} matrices={first.matrices} />}
        words={pairWords}
        followed={(readings, leave) => {
          const last = readings.at(-1)
          return (
            <>
              <h3>In A, {names[0]}</h3>
              <PastWeight record={first} reading={last?.a} onLeave={leave} name="Followed weight in A" />
              <h3>In B, {names[1]}</h3>
              <PastWeight record={second} reading={last?.b} onLeave={leave} name="Followed weight in B" />
            </>
          )
        }}
        summary={`Masks of A, ${names[0]}, and B, ${names[1]}: ${overlapText(all)}`}
      />
      <Differing records={records} pair={pair} />
      <OverlapTable parts={[...parts, all]} />
    </>
  )
}

function overlapText(all: Overlap): string {
  const shared = agreement(all)
  if (shared === null) return 'Neither run keeps a weight.'
  return (
    `A keeps ${count(all.a)} weights and B ${count(all.b)}; ${count(all.both)} are the same ones. `
    + `By chance it would be about ${count(all.chance)}. `
    + `Of the weights that either keeps, both keep ${percent(shared)}.`
  )
}

interface PairFactsProps {
  readonly reading: PairReading | null
  readonly matrices: Recorded['matrices']
}

function PairFacts({ reading, matrices }: PairFactsProps) {
  return (
    <WeightDetails reading={reading} matrices={matrices}>
      {(known) =>
        (['a', 'b'] as const).map((name) => (
          <div key={name}>
            <dt>{name.toUpperCase()}</dt>
            <dd>{endText(known[name])}</dd>
          </div>
        ))
      }
    </WeightDetails>
  )
}

/** How a weight ended: "kept, sentinel, importance 0.0012". */
function endText({ cut, class: name, importance }: PastReading): string {
  return [
    cut ? 'cut' : 'kept',
    ...(name ? [classLooks[name].name.toLowerCase()] : []),
    ...(importance === undefined ? [] : [`importance ${value(importance)}`]),
  ].join(', ')
}

function pairWords({ layer, row, column, a, b }: PairReading): string {
  const fate = ({ cut }: PastReading) => (cut ? 'cut' : 'kept')
  return `${fate(a)} in A, ${fate(b)} in B; row ${count(row)}, column ${count(column)} of ${layer}`
}
