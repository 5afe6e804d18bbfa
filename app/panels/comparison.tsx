import { useCallback, useMemo, useRef, useState, type RefObject } from 'react'
import {
  accuracyOf,
  askedOf,
  changeOf,
  compressionOf,
  denseOutcomes,
  nameOf,
  rankings,
  rowsOf,
  sparsityOf,
  speedupOf,
  trainingCostOf,
  type Moment,
  type Outcome,
  type Row,
} from '../../src/config/comparison'
import { methodLabel } from '../../src/config/methodLabel'
import { measured } from '../../src/config/measures'
import {
  measureText,
  points,
  rankMeaning,
  times,
  toCsv,
  toMarkdown,
  toRunsCsv,
  trainingCostMeaning,
} from '../../src/config/takeaway'
import type { Experiment } from '../../src/core/experiment'
import { summarise } from '../../src/core/statistics'
import type { Evaluation } from '../../src/core/trainer'
import { Chart } from '../charts/Chart'
import { Key, MarkOf } from '../charts/marks'
import { denseLook, methodLook, settingLooks, type MethodLook } from '../charts/methodLook'
import { pictureOf, toPng } from '../charts/picture'
import type { Axis, Point, Series } from '../charts/series'
import { shareAxis } from '../charts/ticks'
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
import { useSeats } from '../store/seats'
import { shownOf, type Shown } from '../store/shown'
import { shownId } from '../store/shownRun'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

const selectEvaluations = (s: AppState) => s.run.evaluations
const accuracyTitles: Readonly<Record<Moment, string>> = {
  end: 'Held-out accuracy',
  pruned: 'Held-out accuracy after pruning',
}
const momentNames: Readonly<Record<Moment, string>> = { end: 'At the end', pruned: 'After pruning' }
const views = { chart: 'Chart', ranking: 'Ranking', runs: 'Runs' } as const
type View = keyof typeof views

/**
 * Finished runs of the same data, model and training, or of one recipe: mean and spread over seeds, method by method.
 */
export const comparison = panel({
  id: 'comparison',
  title: 'Accuracy against sparsity',
  place: 'wide',
  Component() {
    const shown = useShown()
    const looks = useLooks()
    const live = useLive(shown.family, looks)
    const outcomes = useMemo(() => outcomesOf(shown.runs), [shown.runs])
    const [view, setView] = useState<View>('chart')
    const [moment, setMoment] = useState<Moment>('end')
    const frame = useRef<HTMLDivElement>(null)
    const { pick } = useActions()
    return (
      <>
        {shown.options.length > 0 && (
          <div className="panel-tools">
            <FamilyPicker {...shown} />
            {view !== 'runs' && (
              <Segments label="When to measure accuracy" options={momentNames} value={moment} onChange={setMoment} />
            )}
            <Segments label="View" options={views} value={view} onChange={setView} />
            <TakeAway outcomes={outcomes} title={shown.title} link={shown.link} frame={frame} />
          </div>
        )}
        {view === 'chart' && (
          <div ref={frame}>
            <Curves outcomes={outcomes} moment={moment} live={live} looks={looks} onPick={pick} />
          </div>
        )}
        {view === 'ranking' && <RankingView outcomes={outcomes} moment={moment} looks={looks} />}
        {view === 'runs' && <Runs runs={shown.runs} looks={looks} onPick={pick} />}
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
  return useMemo(
    () => shownOf({ runs, chosen, asked, recipe, experiment, files }),
    [runs, chosen, asked, recipe, experiment, files],
  )
}

/** How a method looks, by its label. */
type Looks = (label: string) => MethodLook

function useLooks(): Looks {
  const seats = useSeats(settingLooks)
  return useCallback(
    (label) => {
      const seat = seats.get(label)
      return seat ? methodLook(seat.method, seat.setting) : denseLook
    },
    [seats],
  )
}

function FamilyPicker({ options, value }: Shown) {
  const { setUi } = useActions()
  if (options.length < 2 && value !== '') return null
  return (
    <select
      aria-label="Which runs to compare"
      value={value}
      onChange={(event) => setUi({ family: event.target.value })}
    >
      {value === '' && <option value="">Runs like the open one</option>}
      {options.map(([key, label]) => (
        <option key={key} value={key}>
          {label}
        </option>
      ))}
    </select>
  )
}

/** The run that is going: its measurements so far, as a path. */
function useLive(family: string, looks: Looks): readonly Series[] {
  const asked = useApp((s) => s.run.asked)
  const ended = useApp((s) => s.run.result !== null)
  const evaluations = useSlow(selectEvaluations)
  return useMemo(() => {
    const isShown = asked && !ended && familyKey(asked.experiment, ownFiles(asked.experiment, asked.files)) === family
    return isShown ? liveSeries(asked.experiment, evaluations, looks) : []
  }, [asked, ended, evaluations, family, looks])
}

function liveSeries(experiment: Experiment, evaluations: readonly Evaluation[], looks: Looks): Series[] {
  const name = methodLabel(experiment)
  const path = evaluations.map((e) => ({ x: halvings(e.sparsity), y: e.accuracy, name: `${name}, step ${e.step}` }))
  return path.length === 0
    ? []
    : [
        {
          key: 'live',
          label: 'This run',
          colour: looks(name).colour,
          dash: 'dotted',
          width: 1.2,
          marker: 'cross',
          radius: 3.5,
          points: path,
        },
      ]
}

/**
 * How often the kept weights have been halved: the axis, on which 2, 4, 8, 16 and 32 times smaller are equally far
 * apart.
 */
function halvings(sparsity: number): number {
  return -Math.log2(Math.max(1 - sparsity, 2 ** -10))
}

/** In as few decimals as tell 99.95 % from 100 %. */
function sparsityText(x: number): string {
  return `${Number((100 * (1 - 2 ** -x)).toFixed(2))} %`
}

const tickSparsities = [0, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999].map(halvings)

/** From 0 to the first round sparsity, 95 % or more, behind which there is no point. */
function sparsityAxis(series: readonly Series[]): Axis {
  const most = Math.max(halvings(0.95), ...series.flatMap((s) => s.points.map((p) => p.x)))
  const last = tickSparsities.find((tick) => tick >= most - 1e-9) ?? most
  return {
    label: 'Sparsity of the prunable weights',
    domain: [0, last],
    format: sparsityText,
    ticks: tickSparsities.filter((tick) => tick <= last),
    pad: mostShift + 3,
  }
}

interface CurvesProps {
  readonly outcomes: readonly Outcome[]
  readonly moment: Moment
  readonly live: readonly Series[]
  readonly looks: Looks
  readonly onPick: (id: string) => void
}

function Curves({ outcomes, moment, live, looks, onPick }: CurvesProps) {
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
      series={series}
      x={sparsityAxis(series)}
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

interface RankingViewProps {
  readonly outcomes: readonly Outcome[]
  readonly moment: Moment
  readonly looks: Looks
}

function RankingView({ outcomes, moment, looks }: RankingViewProps) {
  const { columns, groups } = useMemo(() => rankingOf(outcomes, moment, looks), [outcomes, moment, looks])
  if (groups.length === 0) return <p className="empty">The ranking appears when a run has ended.</p>
  return (
    <>
      <RankingTable columns={columns} groups={groups} />
      <p className="help">
        Mean ± sample standard deviation over n seeds. "Against dense" is in percentage points, over the seeds that have
        a dense run too: same weights at the start, same order of examples. Compression is over all parameters, sparsity
        over those that can be pruned. {trainingCostMeaning} {rankMeaning}
      </p>
    </>
  )
}

function rankingOf(outcomes: readonly Outcome[], moment: Moment, looks: Looks) {
  const dense = denseOutcomes(outcomes)
  const rows = rowsOf(outcomes)
  const faster = rows.some((row) => speedupOf(row) !== null)
  const more = measured(rows)
  const cells = (row: Row) => [
    points(accuracyOf(row, moment)),
    points(changeOf(row, moment, dense), true),
    String(row.outcomes.length),
    times(compressionOf(row)),
    times(trainingCostOf(row)),
    ...(faster ? [times(speedupOf(row))] : []),
    ...more.map((measure) => measureText(row, measure)),
  ]
  return {
    columns: [
      'Accuracy, %',
      'Against dense',
      'n',
      'Compression',
      'Training cost',
      ...(faster ? ['Theoretical speedup'] : []),
      ...more.map(({ title }) => title),
    ],
    groups: rankings(rows, moment).map(({ sparsity, rows: ranked }) => ({
      title: `Sparsity ${Number((sparsity * 100).toFixed(3))} %`,
      rows: ranked.map((row) => ({
        mark: <MarkOf {...looks(row.label)} />,
        rank: row.rank,
        name: nameOf(row),
        cells: cells(row),
      })),
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
    if (!drawn) receive({ type: 'note', text: 'There is no chart to save. Choose the view "Chart" first.' })
    else if (kind === 'svg') download('comparison.svg', drawn.svg, 'image/svg+xml')
    else download('comparison.png', await toPng(drawn))
  }
  return (
    <Sheet summary="Export">
      <div className="buttons">
        <button
          type="button"
          disabled={nothing}
          onClick={() => download('comparison.md', toMarkdown(outcomes, heading()), 'text/markdown')}
        >
          Markdown
        </button>
        <button
          type="button"
          disabled={nothing}
          onClick={() => download('comparison.csv', toCsv(outcomes), 'text/csv')}
        >
          CSV of means
        </button>
        <button
          type="button"
          disabled={nothing}
          onClick={() => download('comparison-runs.csv', toRunsCsv(outcomes), 'text/csv')}
        >
          CSV of runs
        </button>
        <button type="button" disabled={nothing} onClick={() => void picture('svg')}>
          Chart as SVG
        </button>
        <button type="button" disabled={nothing} onClick={() => void picture('png')}>
          Chart as PNG
        </button>
      </div>
    </Sheet>
  )
}

interface RunsProps {
  readonly runs: readonly KeptRun[]
  readonly looks: Looks
  readonly onPick: (id: string) => void
}

function Runs({ runs, looks, onPick }: RunsProps) {
  const { removeRuns, bringBackRuns } = useActions()
  const current = useApp(shownId)
  const removed = useApp((s) => s.removed.length)
  const attacked = runs.some((run) => run.end.robust !== undefined)
  const columns = [
    'Seed',
    'Sparsity',
    'After pruning',
    'At the end',
    ...(attacked ? ['Under attack'] : []),
    'Engine',
    'Time',
  ]
  const rows = runs
    .map((run) => ({ ...rowOf(run, attacked), mark: <MarkOf {...looks(methodLabel(run.experiment))} /> }))
    .reverse()
  return (
    <RunTable
      columns={columns}
      rows={rows}
      current={current}
      onPick={onPick}
      onRemove={removeRuns}
      removed={removed}
      onBringBack={bringBackRuns}
    />
  )
}

/** The sparsity that came out and, where it is another one, what was asked for. */
function askedText(run: KeptRun): string {
  const [sparsity, asked] = [sparsityOf(run), askedOf(run.experiment)]
  return asked === null || Math.abs(asked - sparsity) <= 0.005
    ? percent(sparsity, 2)
    : `${percent(sparsity, 2)}, asked for ${percent(asked, 2)}`
}

/** @param attacked with a cell for robust accuracy */
function rowOf(run: KeptRun, attacked: boolean): Omit<RunRow, 'mark'> {
  const { experiment, backend, steps } = run
  return {
    id: run.runId,
    name: methodLabel(experiment),
    cells: [
      String(experiment.seed),
      askedText(run),
      run.pruned ? percent(run.pruned.accuracy) : '–',
      percent(run.end.accuracy),
      ...(attacked ? [run.end.robust === undefined ? '–' : percent(run.end.robust)] : []),
      isComplete(run) ? backend.backend : `${backend.backend}, stopped at step ${count(steps)}`,
      duration(run.seconds),
    ],
  }
}
