import { plugin } from '../../src/config/registries'
import { Chart } from '../charts/Chart'
import { Key } from '../charts/marks'
import { roundAxis, stepAxis } from '../charts/ticks'
import { count, tick, value } from '../controls/format'
import { shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import { panel } from './panel'

const look = { colour: 'var(--curve-0)', dash: 'solid' } as const

/** The loss of what the model learns before its task. */
export const pretraining = panel({
  id: 'pretraining',
  title: 'Before the task',
  place: 'curves',
  shown: (s) => shownRun(s).pretraining !== null,
  Component() {
    const { pretraining: now, asked } = useSlow(shownRun)
    if (!now) return <p className="empty">If a run learns something before its task, the loss of that appears here.</p>
    const start = asked ? plugin('start', asked.experiment.start.id) : null
    const { points } = now.curve
    const last = points.at(-1)
    const line = { key: 'before', label: 'Loss, smoothed', ...look, width: 2.2 }
    return (
      <>
        {start && <p className="help">{start.about}</p>}
        <Chart
          series={[
            { ...line, points: points.map(({ step, smooth }) => ({ x: step, y: smooth })) },
            {
              ...line,
              key: 'loss',
              label: 'Loss',
              width: 1,
              opacity: 0.35,
              silent: true,
              points: points.map(({ step, loss }) => ({ x: step, y: loss })),
            },
          ]}
          x={{ label: 'Step before the task', format: count, ...stepAxis(now.steps) }}
          left={{
            label: 'Loss',
            format: tick,
            exact: value,
            ...roundAxis(
              points.flatMap(({ loss, smooth }) => [loss, smooth]),
              0,
            ),
          }}
          summary={
            `Step ${count(now.step)} of ${count(now.steps)} before the task, `
            + `loss ${last ? value(last.smooth) : 'not measured yet'}`
          }
          empty="The loss appears here after the first steps."
          legend={<Key label="Loss" {...look} />}
        />
      </>
    )
  },
})
