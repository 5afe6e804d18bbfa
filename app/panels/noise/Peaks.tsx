import { Term } from '../../controls/Term'
import { Chart } from '../../charts/Chart'
import { Key } from '../../charts/marks'
import type { Series } from '../../charts/series'
import { roundAxis } from '../../charts/ticks'
import { tick, value } from '../../controls/format'
import type { NoisePoint } from '../../../src/core/trainer'
import { groups, markedLook, type ChartProps } from './groups'

/**
 * How much weights matter in the mean, against how much they mattered once: by both, classes are told. Noise lifts the
 * second above the first.
 */
export function Peaks({ points, marked, nameOf, ...linked }: ChartProps) {
  const shown = points.filter(isDrawable)
  const pointOf = (p: NoisePoint) => ({
    x: Math.log10(p.importance),
    y: Math.log10(p.peak),
    name: () => nameOf(p),
    pick: String(p.index),
  })
  const series: Series[] = [
    ...groups.map(({ name, cut, ...look }) => ({
      ...look,
      radius: 3,
      points: shown.filter((p) => p.class === name && p.cut === cut).map(pointOf),
    })),
    { ...markedLook, silent: true, points: marked.filter(isDrawable).map(pointOf) },
  ]
  return (
    <>
      <Chart
        {...linked}
        series={series}
        x={{
          label: 'importance, the mean over batches, log10',
          format: tick,
          exact: power,
          ...roundAxis(shown.map((p) => Math.log10(p.importance))),
        }}
        left={{
          label: 'peak, in the best batch, log10',
          format: tick,
          exact: power,
          ...roundAxis(shown.map((p) => Math.log10(p.peak))),
        }}
        summary={
          `${shown.length} sampled weights by importance, the mean over batches, and by peak, in the best one; `
          + series
            .filter(({ silent }) => !silent)
            .map((s) => `${s.points.length} ${s.label}`)
            .join(', ')
        }
        legend={[...groups].reverse().map(({ key, label, colour, marker, hollow }) => (
          <Key key={key} label={label} colour={colour} marker={marker} hollow={hollow} />
        ))}
      />
      {shown.length > 0 && (
        <p className="help">
          The higher above the band, the <Term id="noise">noisier</Term>: its best batch (<Term id="peak">peak</Term>)
          was far above its mean (<Term id="importance">importance</Term>). Cut weights stay where they were when they
          were cut.
        </p>
      )}
    </>
  )
}

const power = (x: number) => value(10 ** x)

/** A weight that never mattered has no logarithm. */
function isDrawable({ importance, peak }: NoisePoint): boolean {
  return importance > 0 && peak > 0 && Number.isFinite(importance) && Number.isFinite(peak)
}
