import type { GateCounts } from '../../src/core/gateCounts'
import { Chart } from '../charts/Chart'
import { Key } from '../charts/marks'
import type { Series } from '../charts/series'
import { roundAxis } from '../charts/ticks'
import { count, tick, value } from '../controls/format'
import { shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

const selectGates = (s: AppState) => shownRun(s).gates
const look = { colour: 'var(--accent)', dash: 'solid' } as const

/** Where the gates on units stand: one hump that slides to 0, or two that part. */
export const gates = panel({
  id: 'gates',
  title: 'Gates',
  place: 'inside',
  shown: (s) => shownRun(s).gates !== null,
  Component() {
    const now = useSlow(selectGates, 500)
    if (!now) return <p className="empty">If the method trains gates on heads and neurons, their sizes appear here.</p>
    const most = Math.max(...now.counts)
    return (
      <>
        <Chart
          series={[outline(now)]}
          x={{ label: 'Size of a gate', format: tick, exact: value, ...roundAxis([now.top], 0) }}
          left={{ label: 'Gates', format: tick, ...roundAxis([most], 0) }}
          summary={`${now.total} gates by size, mean ${value(now.mean)}. ${now.cut} of them are 0`}
          empty="All gates are 0."
          legend={<Key label="Gates that are not 0" {...look} />}
        />
        <dl className="facts">
          <div>
            <dt>At 0</dt>
            <dd>
              {count(now.cut)} of {count(now.total)}
            </dd>
          </div>
          <div>
            <dt>Mean size</dt>
            <dd>{value(now.mean)}</dd>
          </div>
        </dl>
      </>
    )
  },
})

/** The histogram as a line of steps, two points a bin. */
function outline({ counts, top }: GateCounts): Series {
  const width = top / counts.length
  const points = counts.flatMap((y, bin) => [
    { x: bin * width, y },
    { x: (bin + 1) * width, y },
  ])
  return { key: 'gates', label: 'Gates', ...look, points, width: 1.6 }
}
