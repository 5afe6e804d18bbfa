import { Chart } from '../charts/Chart'
import { classLooks } from '../charts/looks'
import { Key } from '../charts/marks'
import type { Series } from '../charts/series'
import { roundAxis } from '../charts/ticks'
import { tick } from '../controls/format'
import type { NoisePoint, WeightClass } from '../../src/core/trainer'
import { useApp } from '../store'
import { shownKept, shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

const selectNoise = (s: AppState) => shownRun(s).noise
const order = ['pruned', 'ordinary', 'temporary', 'sentinel'] as const satisfies readonly WeightClass[]

/** A sample of weights: how sensitive the loss is to them, against how unsteady their gradient is. */
export const noise = panel({
  id: 'noise', title: 'Importance against noise', place: 'narrow',
  Component() {
    const points = useSlow(selectNoise, 500)
    const kept = useApp((s) => shownKept(s) !== null)
    const shown = points.filter(isDrawable)
    const top = upperEdge(shown.map((p) => p.noise))
    const above = shown.filter((p) => p.noise > top).length
    const series: Series[] = order.map((name) => ({
      key: name, label: classLooks[name].name, ...classLooks[name], radius: 3,
      points: shown.filter((p) => p.class === name).map((p) => ({ x: Math.log10(p.sensitivity), y: Math.min(p.noise, top) })),
    }))
    return (
      <>
        <Chart
          series={series}
          x={{ label: 'log10 of |w| · mean |g|', format: tick, ...roundAxis(shown.map((p) => Math.log10(p.sensitivity))) }}
          left={{ label: 'Coefficient of variation of |g|', format: tick, ...roundAxis(shown.map((p) => Math.min(p.noise, top)), 0) }}
          summary={`${shown.length} sampled weights by sensitivity and gradient noise; ${series.map((s) => `${s.points.length} ${s.label}`).join(', ')}`}
          empty={kept ? 'The weights of a kept run are not kept. Start makes this run again.' : 'A sample of weights appears here once gradients have been seen: sensitive ones to the right, noisy ones above.'}
          legend={[...order].reverse().map((name) => <Key key={name} label={classLooks[name].name} {...classLooks[name]} />)}
        />
        {above > 0 && <p className="help">{above === 1 ? 'One noisier weight is' : `${above} noisier weights are`} drawn at the upper edge.</p>}
      </>
    )
  },
})

/**
 * Where the noise axis ends: a little above the 98th of 100 points. A gradient that all but vanishes leaves a mean that
 * decays faster than the mean square, so a few coefficients grow without bound and would flatten all the others.
 */
function upperEdge(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return 1.25 * (sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 1)
}

/** A weight of sensitivity 0 has no logarithm. */
function isDrawable(point: NoisePoint): boolean {
  return point.sensitivity > 0 && Number.isFinite(point.sensitivity) && Number.isFinite(point.noise)
}
