import { useMemo } from 'react'
import { Chart } from '../charts/Chart'
import { Key } from '../charts/marks'
import type { Axis, Series } from '../charts/series'
import { roundAxis, stepAxis } from '../charts/ticks'
import type { Evaluation } from '../../src/core/trainer'
import { accuracyText, count, percent, tick, value } from '../controls/format'
import type { CurvePoint } from '../store/curve'
import { plannedSparsity } from '../store/plan'
import { useApp } from '../store'
import { shownFrame, shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import { panel } from './panel'

const share: Axis = {
  label: 'Accuracy and sparsity',
  domain: [0, 1],
  format: (v) => percent(v, 0),
  exact: percent,
  ticks: [0, 0.25, 0.5, 0.75, 1],
}

/** Training loss and, in per cent on the right, held-out accuracy and sparsity. */
export const learning = panel({
  id: 'learning',
  title: 'Loss and accuracy',
  place: 'curves',
  Component() {
    const { curve, evaluations, asked, last } = useSlow(shownRun)
    const moment = useApp((s) => shownFrame(s)?.step)
    const experiment = asked?.experiment
    const plan = useMemo(() => (experiment ? plannedSparsity(experiment) : []), [experiment])
    const line = (key: string, label: string, read: (point: CurvePoint) => number) => ({
      key,
      label,
      points: curve.points.map((p) => ({ x: p.step, y: read(p) })),
    })
    const held = (key: string, label: string, read: (evaluation: Evaluation) => number | undefined) => ({
      key,
      label,
      side: 'right' as const,
      width: 1.4,
      points: evaluations.flatMap((e) => {
        const y = read(e)
        return y === undefined ? [] : [{ x: e.step, y, name: label + moments[e.moment] }]
      }),
    })
    const series: Series[] = [
      {
        ...line('loss', 'Training loss', (p) => p.loss),
        colour: 'var(--curve-0)',
        dash: 'solid',
        width: 1,
        opacity: 0.35,
        silent: true,
      },
      {
        ...line('smooth', 'Training loss, smoothed', (p) => p.smooth),
        colour: 'var(--curve-0)',
        dash: 'solid',
        width: 2.2,
      },
      {
        key: 'plan',
        label: 'Planned sparsity',
        side: 'right',
        colour: 'var(--soft)',
        dash: 'dotted',
        width: 1.6,
        silent: true,
        points: last ? plan.map((p) => ({ x: p.step, y: p.sparsity })) : [],
      },
      {
        ...line('sparsity', 'Sparsity', (p) => p.sparsity),
        side: 'right',
        colour: 'var(--soft)',
        dash: 'dashed',
        width: 1.8,
      },
      { ...held('accuracy', 'Held-out accuracy', (e) => e.accuracy), ...accuracyLook },
    ]
    const others = [
      { ...held('robust', 'Held-out accuracy under attack', (e) => e.robust), ...otherLook },
      { ...held('f1', 'Held-out F1', (e) => e.f1), ...otherLook },
    ].filter(({ points }) => points.length > 0)
    const steps = experiment?.training.steps ?? 1
    return (
      <Chart
        series={[...series, ...others]}
        {...(moment === undefined ? {} : { moment })}
        x={{ label: 'Step', format: count, ...stepAxis(steps) }}
        left={{
          label: 'Loss',
          format: tick,
          exact: value,
          ...roundAxis(
            curve.points.flatMap((p) => [p.loss, p.smooth]),
            0,
          ),
        }}
        right={share}
        summary={
          `Training loss ${last ? value(last.loss) : 'not measured yet'}, held-out accuracy `
          + accuracyText(evaluations.at(-1))
        }
        empty="Training loss, held-out accuracy and sparsity appear here after the first steps."
        legend={
          <>
            <Key label="Training loss" colour="var(--curve-0)" dash="solid" />
            <Key label="Held-out accuracy" {...accuracyLook} />
            {others.map(({ key, label }) => (
              <Key key={key} label={label} {...otherLook} />
            ))}
            <Key label="Sparsity" colour="var(--soft)" dash="dashed" />
            <Key label="Planned" colour="var(--soft)" dash="dotted" />
          </>
        }
      />
    )
  },
})

const accuracyLook = { colour: 'var(--curve-1)', dash: 'solid', marker: 'square' } as const
/** Of what only some runs measure: no run has both. */
const otherLook = { colour: 'var(--curve-2)', dash: 'dashed', marker: 'triangle' } as const

const moments = {
  start: ', before training',
  periodic: '',
  pruned: ', right after pruning',
  end: ', at the end',
} as const
