import { Chart } from '../charts/Chart'
import { classLooks } from '../charts/looks'
import { Key } from '../charts/marks'
import type { Series } from '../charts/series'
import { roundAxis } from '../charts/ticks'
import { tick } from '../controls/format'
import { weightClasses, type NoisePoint, type WeightClass } from '../../src/core/trainer'
import { useApp } from '../store'
import { shownKept, shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

const selectNoise = (s: AppState) => shownRun(s).noise

/** Every class, kept and cut: cut ones are drawn first, so that they hide nothing. */
const groups = [true, false].flatMap((cut) => weightClasses.map((name) => ({ name, cut, ...lookOf(name, cut) })))

/**
 * A sample of weights: how much they matter in the mean, against how much they mattered once. Noise lifts the second
 * above the first.
 */
export const noise = panel({
  id: 'noise',
  title: 'Importance against noise',
  place: 'inside',
  Component() {
    const points = useSlow(selectNoise, 500)
    const kept = useApp((s) => shownKept(s) !== null)
    const shown = points.filter(isDrawable)
    const series: Series[] = groups.map(({ name, cut, ...look }) => ({
      ...look,
      radius: 3,
      points: shown
        .filter((p) => p.class === name && p.cut === cut)
        .map((p) => ({ x: Math.log10(p.importance), y: Math.log10(p.peak) })),
    }))
    return (
      <>
        <Chart
          series={series}
          x={{
            label: 'log10 of importance, the mean over batches',
            format: tick,
            ...roundAxis(shown.map((p) => Math.log10(p.importance))),
          }}
          left={{
            label: 'log10 of the peak, in the best batch',
            format: tick,
            ...roundAxis(shown.map((p) => Math.log10(p.peak))),
          }}
          summary={
            `${shown.length} sampled weights by importance, the mean over batches, and by peak, in the best one; `
            + series.map((s) => `${s.points.length} ${s.label}`).join(', ')
          }
          empty={
            kept
              ? 'The weights of a kept run are not kept. Start makes this run again.'
              : 'A sample of weights appears here after the first gradients. Steady weights are on the right, '
                + 'noisy ones at the top.'
          }
          legend={[...groups].reverse().map(({ key, label, ...look }) => (
            <Key key={key} label={label} {...look} />
          ))}
        />
        {shown.length > 0 && (
          <p className="help">
            The higher above the band, the noisier: its best batch was far above its mean. Cut weights stay where they
            were when they were cut.
          </p>
        )}
      </>
    )
  },
})

function lookOf(name: WeightClass, cut: boolean) {
  const { name: text, colour, marker } = classLooks[name]
  return {
    key: `${name} ${cut ? 'cut' : 'kept'}`,
    label: `${text}, ${cut ? 'cut' : 'kept'}`,
    colour,
    marker,
    hollow: cut,
  }
}

/** A weight that never mattered has no logarithm. */
function isDrawable({ importance, peak }: NoisePoint): boolean {
  return importance > 0 && peak > 0 && Number.isFinite(importance) && Number.isFinite(peak)
}
