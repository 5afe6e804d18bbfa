import { useMemo, useState } from 'react'
import type { Recorded } from '../../../src/core/recorded'
import type { Pair } from '../../../src/past/paintPair'
import { differing } from '../../../src/past/differing'
import { Chart } from '../../charts/Chart'
import { Key } from '../../charts/marks'
import type { Series } from '../../charts/series'
import { roundAxis } from '../../charts/ticks'
import { tick } from '../../controls/format'
import { Segments } from '../../controls/Segments'

const runs = { a: 'in A', b: 'in B' } as const

/** Importance against the peak of weights that one of two runs alone keeps, by the numbers of one of the two. */
export function Differing({ records, pair }: { readonly records: readonly [Recorded, Recorded]; readonly pair: Pair }) {
  const [whose, setWhose] = useState<keyof typeof runs>('a')
  const record = records[whose === 'a' ? 0 : 1]
  const [onlyA, onlyB] = useMemo(() => differing(record, pair), [record, pair])
  const series: Series[] = [
    { key: 'a', label: 'only A keeps', colour: 'var(--curve-1)', marker: 'circle', radius: 3, points: onlyA },
    {
      key: 'b',
      label: 'only B keeps',
      colour: 'var(--curve-0)',
      marker: 'diamond',
      hollow: true,
      radius: 3,
      points: onlyB,
    },
  ]
  const points = [...onlyA, ...onlyB]
  return (
    <>
      <div className="panel-tools">
        <h3>The weights that they do not share</h3>
        <Segments label="Whose numbers" options={runs} value={whose} onChange={setWhose} />
      </div>
      <Chart
        series={series}
        x={{
          label: 'log10 of importance, the mean over batches',
          format: tick,
          ...roundAxis(points.map(({ x }) => x)),
        }}
        left={{ label: 'log10 of the peak, in the best batch', format: tick, ...roundAxis(points.map(({ y }) => y)) }}
        summary={
          `Importance against peak ${runs[whose]}: ${onlyA.length} weights that only A keeps, `
          + `${onlyB.length} that only B keeps`
        }
        empty="No weight of the sample is kept by one run alone."
        legend={series.map(({ key, label, colour, marker = 'circle', hollow = false }) => (
          <Key key={key} label={label} colour={colour} marker={marker} hollow={hollow} />
        ))}
      />
      <p className="help">
        A sample of the weights, by their numbers at the end of that run. A cut weight has those of the moment when it
        was cut. On the right lie weights that mattered steadily, above the band those that mattered once.
      </p>
    </>
  )
}
