import { useMemo } from 'react'
import { accuracyOf, denseOutcomes, type Moment, type Outcome, type Row } from '../../../src/config/comparison'
import { summarise } from '../../../src/core/statistics'
import { Chart } from '../../charts/Chart'
import { Key } from '../../charts/marks'
import { denseLook, type MethodLook } from '../../charts/methodLook'
import type { Point, Series } from '../../charts/series'
import { shareAxis } from '../../charts/ticks'
import { percent } from '../../controls/format'
import { methodCurves, type MethodCurve } from '../../store/comparison'
import { momentNames } from './momentNames'
import { halvings, sparsityAxis } from './sparsityAxis'
import type { Looks } from './useLooks'

const accuracyTitles: Readonly<Record<Moment, string>> = {
  end: 'Held-out accuracy',
  pruned: 'Held-out accuracy after pruning',
}

interface CurvesProps {
  readonly outcomes: readonly Outcome[]
  readonly moment: Moment
  readonly live: readonly Series[]
  readonly looks: Looks
  readonly onPick: (id: string) => void
}

/** One curve for each method, its accuracy over sparsity; dense runs and the most frequent class as lines across. */
export function Curves({ outcomes, moment, live, looks, onPick }: CurvesProps) {
  const curves = useMemo(() => methodCurves(outcomes), [outcomes])
  const drawn = useMemo(
    () => [
      ...densePoints(outcomes),
      ...curves.flatMap((curve, i) => curveSeries(curve, looks(curve.label), moment, shiftOf(i, curves.length))),
    ],
    [outcomes, curves, looks, moment],
  )
  const references = referencesOf(outcomes)
  const series = [...drawn, ...live]
  const repeated = curves.some((curve) => curve.rows.some((row) => row.outcomes.length > 1))
  return (
    <Chart
      menu={false}
      series={series}
      x={sparsityAxis(series, mostShift + 3)}
      references={references}
      onPick={onPick}
      left={{
        label: accuracyTitles[moment],
        ...shareAxis([
          ...references.map((r) => r.y),
          ...series.flatMap((s) => s.points.flatMap((p) => [p.y + (p.deviation ?? 0), p.y - (p.deviation ?? 0)])),
        ]),
      }}
      summary={`Accuracy against sparsity of ${outcomes.length} runs, ${momentNames[moment].toLowerCase()}`}
      empty={
        'Each finished run adds a point here: its accuracy on held-out data, '
        + 'right after pruning or at the end. The point is the mean over seeds. '
        + 'Runs of another method make a second curve.'
      }
      legend={
        <>
          {curves.map(({ label }) => (
            <Key key={label} label={label} {...looks(label)} />
          ))}
          {live.map(({ key, colour, marker = 'cross', dash }) => (
            <Key key={key} label="the run in progress" colour={colour} marker={marker} dash={dash} />
          ))}
          {repeated && (
            <span className="range">Mean over seeds. Bar: ± one standard deviation. Small points: single seeds.</span>
          )}
          {curves.length > 1 && <span className="range">Methods at one sparsity stand side by side.</span>}
        </>
      }
    />
  )
}

function referencesOf(outcomes: readonly Outcome[]) {
  const dense = summarise(denseOutcomes(outcomes).map((outcome) => outcome.end))
  const majority = outcomes.find((outcome) => outcome.majority !== null)?.majority ?? null
  return [
    ...(dense ? [{ y: dense.mean, label: `dense ${percent(dense.mean)}`, dash: 'dashed' as const }] : []),
    ...(majority === null
      ? []
      : [{ y: majority, label: `most frequent class ${percent(majority)}`, dash: 'dotted' as const }]),
  ]
}

/** Dense runs stand at sparsity 0; the line across is their mean. */
function densePoints(outcomes: readonly Outcome[]): Series[] {
  const dots = denseOutcomes(outcomes).map((outcome) => ({
    x: 0,
    y: outcome.end,
    pick: outcome.runId,
    name: `Dense, seed ${outcome.experiment.seed}`,
  }))
  return dots.length === 0
    ? []
    : [{ key: 'dense', label: 'Dense', colour: denseLook.colour, marker: denseLook.marker, radius: 3, points: dots }]
}

/** Means with bars, joined by a line, and the single seeds where there are several. A click on a run brings it back. */
function curveSeries(
  { label, rows }: MethodCurve,
  { colour, marker, dash, hollow }: MethodLook,
  moment: Moment,
  shift: number,
): Series[] {
  const means = rows.flatMap((row) => meanPoint(row, moment) ?? [])
  const seeds = rows
    .filter((row) => row.outcomes.length > 1)
    .flatMap((row) =>
      row.outcomes.flatMap((o): Point[] =>
        o[moment] === null
          ? []
          : [{ x: halvings(row.sparsity), y: o[moment], pick: o.runId, name: `${label}, seed ${o.experiment.seed}` }],
      ),
    )
  return [
    { key: `${label} mean`, label, colour, dash, marker, hollow, shift, points: means },
    { key: `${label} seeds`, label, colour, marker, hollow: true, radius: 2, shift, points: seeds },
  ]
}

/** Pixels by which a curve is moved at most. */
const mostShift = 15

/** Pixels by which curve `i` of `n` is moved, so that methods at one sparsity do not cover each other. */
function shiftOf(i: number, n: number): number {
  return (i - (n - 1) / 2) * Math.min(9, (2 * mostShift) / Math.max(1, n - 1))
}

function meanPoint(row: Row, moment: Moment): Point | null {
  const summary = accuracyOf(row, moment)
  if (!summary) return null
  const only = row.outcomes.length === 1 ? row.outcomes[0] : undefined
  const of = only ? `seed ${only.experiment.seed}` : `mean of ${summary.n} seeds`
  return {
    x: halvings(row.sparsity),
    y: summary.mean,
    name: `${row.label}, ${of}`,
    ...(summary.deviation === null ? {} : { deviation: summary.deviation }),
    ...(only ? { pick: only.runId } : {}),
  }
}
