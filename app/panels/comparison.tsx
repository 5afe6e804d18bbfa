import { useMemo, useRef, useState, type RefObject } from 'react'
import {
  accuracyOf, changeOf, compressionOf, denseOutcomes, rankings, rowsOf, sparsityOf, speedupOf, trainingCostOf, type Moment, type Outcome, type Row,
} from '../../src/config/comparison'
import { methodLabel } from '../../src/config/methodLabel'
import { compressions, sparsityAt } from '../../src/config/recipe'
import { measured } from '../../src/config/measures'
import { measureText, points, times, toCsv, toMarkdown, toRunsCsv, trainingCostMeaning } from '../../src/config/takeaway'
import type { Experiment } from '../../src/core/experiment'
import { summarise } from '../../src/core/statistics'
import type { Evaluation } from '../../src/core/trainer'
import { Chart } from '../charts/Chart'
import { curveLooks, type Look } from '../charts/looks'
import { Key } from '../charts/marks'
import { pictureOf, toPng } from '../charts/picture'
import type { Axis, Point, Series } from '../charts/series'
import { download } from '../controls/download'
import { count, duration, percent } from '../controls/format'
import { RankingTable } from '../controls/RankingTable'
import { RunTable, type RunRow } from '../controls/RunTable'
import { Segments } from '../controls/Segments'
import { Sheet } from '../controls/Sheet'
import { useActions, useApp } from '../store'
import { familyKey, methodCurves, outcomesOf, type MethodCurve } from '../store/comparison'
import { ownFiles } from '../store/ownFiles'
import { isComplete, type KeptRun } from '../store/runs'
import { shownOf, type Shown } from '../store/shown'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

const selectEvaluations = (s: AppState) => s.run.evaluations
const wholePercent = (v: number) => percent(v, 0)
const momentNames: Readonly<Record<Moment, string>> = { end: 'At the end', pruned: 'After pruning' }
const views = { chart: 'Chart', ranking: 'Ranking', runs: 'Runs' } as const
type View = keyof typeof views

/** Finished runs of the same data, model and training, or of one recipe: mean and spread over seeds, method by method. */
export const comparison = panel({
  id: 'comparison', title: 'Accuracy against sparsity', place: 'wide',
  Component() {
    const shown = useShown()
    const live = useLive(shown.family)
    const outcomes = useMemo(() => outcomesOf(shown.runs), [shown.runs])
    const [view, setView] = useState<View>('chart')
    const [moment, setMoment] = useState<Moment>('end')
    const frame = useRef<HTMLDivElement>(null)
    const { restore } = useActions()
    const pick = (id: string) => {
      const run = shown.runs.find((r) => r.runId === id)
      if (run) restore(run.experiment)
    }
    return (
      <>
        {shown.options.length > 0 && (
          <div className="panel-tools">
            <FamilyPicker {...shown} />
            {view !== 'runs' && <Segments label="When accuracy is measured" options={momentNames} value={moment} onChange={setMoment} />}
            <Segments label="View" options={views} value={view} onChange={setView} />
            <TakeAway outcomes={outcomes} title={shown.title} link={shown.link} frame={frame} />
          </div>
        )}
        {view === 'chart' && <div ref={frame}><Curves outcomes={outcomes} moment={moment} live={live} onPick={pick} /></div>}
        {view === 'ranking' && <RankingView outcomes={outcomes} moment={moment} />}
        {view === 'runs' && <Runs runs={shown.runs} onPick={pick} />}
      </>
    )
  },
})

function useShown(): Shown {
  const runs = useApp((s) => s.runs)
  const chosen = useApp((s) => s.ui.family)
  const asked = useApp((s) => s.run.asked)
  const recipe = useApp((s) => s.comparing.recipe)
  const { experiment, files } = useApp((s) => s.setup)
  return useMemo(() => shownOf({ runs, chosen, asked, recipe, experiment, files }), [runs, chosen, asked, recipe, experiment, files])
}

function FamilyPicker({ options, value }: Shown) {
  const { setUi } = useActions()
  if (options.length < 2 && value !== '') return null
  return (
    <select aria-label="Which runs are compared" value={value} onChange={(event) => setUi({ family: event.target.value })}>
      {value === '' && <option value="">Runs like the one that is open</option>}
      {options.map(([key, label]) => <option key={key} value={key}>{label}</option>)}
    </select>
  )
}

/** The run that is going: its measurements so far, as a path. */
function useLive(family: string): readonly Series[] {
  const asked = useApp((s) => s.run.asked)
  const ended = useApp((s) => s.run.result !== null)
  const evaluations = useSlow(selectEvaluations)
  return useMemo(() => (asked && !ended && familyKey(asked.experiment, ownFiles(asked.experiment, asked.files)) === family ? liveSeries(asked.experiment, evaluations) : []), [asked, ended, evaluations, family])
}

function liveSeries(experiment: Experiment, evaluations: readonly Evaluation[]): Series[] {
  const name = methodLabel(experiment)
  const path = evaluations.map((e) => ({ x: halvings(e.sparsity), y: e.accuracy, name: `${name}, step ${e.step}` }))
  return path.length === 0 ? [] : [{ key: 'live', label: 'This run', colour: 'var(--ink)', dash: 'dotted', width: 1.2, marker: 'cross', radius: 3.5, points: path }]
}

/** How often the kept weights have been halved: the axis, on which 2, 4, 8, 16 and 32 times smaller are equally far apart. */
function halvings(sparsity: number): number {
  return -Math.log2(Math.max(1 - sparsity, 2 ** -10))
}

function sparsityText(x: number): string {
  return percent(1 - 2 ** -x, x === 0 ? 0 : x < 2.5 ? 0 : 1)
}

const plain: Look = { colour: 'var(--ink)', marker: 'circle', dash: 'solid' }

const tickSparsities = [0, ...compressions.map(sparsityAt)].map(halvings)

function sparsityAxis(series: readonly Series[]): Axis {
  const last = Math.max(tickSparsities.at(-1) ?? 5, ...series.flatMap((s) => s.points.map((p) => p.x)))
  return { label: 'Sparsity of the prunable weights', domain: [0, last], format: sparsityText, ticks: tickSparsities }
}

/** Ten-per-cent steps around what is drawn. */
function accuracyAxis(values: readonly number[]): Axis {
  const low = Math.max(0, Math.floor(Math.min(1, ...values) * 10))
  const high = Math.min(10, Math.max(low + 1, Math.ceil(Math.max(0, ...values) * 10)))
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => (low + i) / 10)
  return { label: 'Held-out accuracy', domain: [low / 10, high / 10], ticks, format: wholePercent }
}

interface CurvesProps {
  readonly outcomes: readonly Outcome[]
  readonly moment: Moment
  readonly live: readonly Series[]
  readonly onPick: (id: string) => void
}

function Curves({ outcomes, moment, live, onPick }: CurvesProps) {
  const curves = useMemo(() => methodCurves(outcomes), [outcomes])
  const looks = useMemo(() => curveLooks(curves.map((curve) => curve.index)), [curves])
  const drawn = useMemo(
    () => [...densePoints(outcomes), ...curves.flatMap((curve, i) => curveSeries(curve, looks[i], moment))], [outcomes, curves, looks, moment],
  )
  const references = referencesOf(outcomes)
  const series = [...drawn, ...live]
  const repeated = curves.some((curve) => curve.rows.some((row) => row.outcomes.length > 1))
  return (
    <Chart
      series={series} x={sparsityAxis(series)} references={references} onPick={onPick}
      left={accuracyAxis([...references.map((r) => r.y), ...series.flatMap((s) => s.points.flatMap((p) => [p.y + (p.deviation ?? 0), p.y - (p.deviation ?? 0)]))])}
      summary={`Accuracy against sparsity of ${outcomes.length} runs, ${momentNames[moment].toLowerCase()}`}
      empty="Each finished run leaves a point here: accuracy on held-out data, right after pruning or at the end. Seeds are averaged; runs of another method join as a second curve."
      legend={<>
        {curves.map((curve, i) => <Key key={curve.label} label={curve.label} {...looks[i] ?? plain} hollow={moment === 'pruned'} />)}
        {repeated && <span className="range">Mean over seeds, bar ± one standard deviation; small: single seeds.</span>}
        {live.length > 0 && <Key label="the run that is going" colour="var(--ink)" marker="cross" dash="dotted" />}
      </>}
    />
  )
}

function referencesOf(outcomes: readonly Outcome[]) {
  const dense = summarise(denseOutcomes(outcomes).map((outcome) => outcome.end))
  const majority = outcomes.find((outcome) => outcome.majority !== null)?.majority ?? null
  return [
    ...(dense ? [{ y: dense.mean, label: `dense ${percent(dense.mean)}`, side: 'above' as const }] : []),
    ...(majority === null ? [] : [{ y: majority, label: `most frequent class ${percent(majority)}`, side: 'below' as const }]),
  ]
}

/** Dense runs stand at sparsity 0; the line across is their mean. */
function densePoints(outcomes: readonly Outcome[]): Series[] {
  const dots = denseOutcomes(outcomes).map((outcome) => ({ x: 0, y: outcome.end, pick: outcome.runId, name: `Dense, seed ${outcome.experiment.seed}` }))
  return dots.length === 0 ? [] : [{ key: 'dense', label: 'Dense', colour: 'var(--ink)', marker: 'circle', radius: 3, points: dots }]
}

/** Means with bars, joined by a line, and the single seeds where there are several. A click on a run brings it back. */
function curveSeries({ label, rows }: MethodCurve, { colour, marker, dash }: Look = plain, moment: Moment): Series[] {
  const hollow = moment === 'pruned'
  const means = rows.flatMap((row) => meanPoint(row, moment) ?? [])
  const seeds = rows.filter((row) => row.outcomes.length > 1).flatMap((row) => row.outcomes.flatMap((o): Point[] => (o[moment] === null ? [] : [
    { x: halvings(row.sparsity), y: o[moment], pick: o.runId, name: `${label}, seed ${o.experiment.seed}` },
  ])))
  return [
    { key: `${label} mean`, label, colour, dash, marker, hollow, points: means },
    { key: `${label} seeds`, label, colour, marker: 'circle', hollow: true, radius: 1.8, points: seeds },
  ]
}

function meanPoint(row: Row, moment: Moment): Point | null {
  const summary = accuracyOf(row, moment)
  if (!summary) return null
  const only = row.outcomes.length === 1 ? row.outcomes[0] : undefined
  const of = only ? `seed ${only.experiment.seed}` : `mean of ${summary.n} seeds, ${points(summary)} %`
  return {
    x: halvings(row.sparsity), y: summary.mean, name: `${row.label}, ${of}`,
    ...(summary.deviation === null ? {} : { deviation: summary.deviation }), ...(only ? { pick: only.runId } : {}),
  }
}


function RankingView({ outcomes, moment }: { readonly outcomes: readonly Outcome[]; readonly moment: Moment }) {
  const { columns, groups } = useMemo(() => rankingOf(outcomes, moment), [outcomes, moment])
  if (groups.length === 0) return <p className="empty">There is nothing to rank until a run has ended.</p>
  return (
    <>
      <RankingTable columns={columns} groups={groups} />
      <p className="help">Mean ± sample standard deviation over n seeds. "Against dense" is in percentage points, over the seeds that have a dense run too: same weights at the start, same order of examples. Compression is over all parameters, sparsity over those that can be pruned. {trainingCostMeaning}</p>
    </>
  )
}

function rankingOf(outcomes: readonly Outcome[], moment: Moment) {
  const dense = denseOutcomes(outcomes)
  const rows = rowsOf(outcomes)
  const faster = rows.some((row) => speedupOf(row) !== null)
  const more = measured(rows)
  const cells = (row: Row) => [
    points(accuracyOf(row, moment)), points(changeOf(row, moment, dense), true), String(row.outcomes.length), times(compressionOf(row)), times(trainingCostOf(row)),
    ...(faster ? [times(speedupOf(row))] : []), ...more.map((measure) => measureText(row, measure)),
  ]
  return {
    columns: ['Accuracy, %', 'Against dense', 'n', 'Compression', 'Training cost', ...(faster ? ['Theoretical speedup'] : []), ...more.map(({ title }) => title)],
    groups: rankings(rows, moment).map(({ sparsity, rows: ranked }) => ({
      title: `Sparsity ${Number((sparsity * 100).toFixed(3))} %`, rows: ranked.map((row) => ({ name: row.label, cells: cells(row) })),
    })),
  }
}

interface TakeAwayProps {
  readonly outcomes: readonly Outcome[]
  readonly title: string
  readonly link: string
  readonly frame: RefObject<HTMLElement | null>
}

function TakeAway({ outcomes, title, link, frame }: TakeAwayProps) {
  const { receive } = useActions()
  const nothing = outcomes.length === 0
  const heading = () => ({ title, link: new URL(link, location.href).href })
  const picture = async (kind: 'svg' | 'png') => {
    const drawn = frame.current && pictureOf(frame.current, title)
    if (!drawn) receive({ type: 'note', text: 'There is no chart to save; choose the view "Chart" first.' })
    else if (kind === 'svg') download('comparison.svg', drawn.svg, 'image/svg+xml')
    else download('comparison.png', await toPng(drawn))
  }
  return (
    <Sheet summary="Take away">
      <div className="buttons">
        <button type="button" disabled={nothing} onClick={() => download('comparison.md', toMarkdown(outcomes, heading()), 'text/markdown')}>Markdown</button>
        <button type="button" disabled={nothing} onClick={() => download('comparison.csv', toCsv(outcomes), 'text/csv')}>CSV of means</button>
        <button type="button" disabled={nothing} onClick={() => download('comparison-runs.csv', toRunsCsv(outcomes), 'text/csv')}>CSV of runs</button>
        <button type="button" disabled={nothing} onClick={() => void picture('svg')}>Chart as SVG</button>
        <button type="button" disabled={nothing} onClick={() => void picture('png')}>Chart as PNG</button>
      </div>
    </Sheet>
  )
}

function Runs({ runs, onPick }: { readonly runs: readonly KeptRun[]; readonly onPick: (id: string) => void }) {
  const { removeRuns, bringBackRuns } = useActions()
  const removed = useApp((s) => s.removed.length)
  const attacked = runs.some((run) => run.end.robust !== undefined)
  const columns = ['Seed', 'Sparsity', 'After pruning', 'At the end', ...(attacked ? ['Under attack'] : []), 'Engine', 'Time']
  const rows = runs.map((run) => rowOf(run, attacked)).reverse()
  return <RunTable columns={columns} rows={rows} onPick={onPick} onRemove={removeRuns} removed={removed} onBringBack={bringBackRuns} />
}

/** @param attacked with a cell for robust accuracy */
function rowOf(run: KeptRun, attacked: boolean): RunRow {
  const { experiment, backend, steps } = run
  return {
    id: run.runId,
    name: methodLabel(experiment),
    cells: [
      String(experiment.seed), percent(sparsityOf(run), 2), run.pruned ? percent(run.pruned.accuracy) : '–', percent(run.end.accuracy),
      ...(attacked ? [run.end.robust === undefined ? '–' : percent(run.end.robust)] : []),
      isComplete(run) ? backend.backend : `${backend.backend}, stopped at step ${count(steps)}`, duration(run.seconds),
    ],
  }
}
