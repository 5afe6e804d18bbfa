import { useMemo, useState } from 'react'
import type { Experiment } from '../../src/core/experiment'
import type { Evaluation } from '../../src/core/trainer'
import { Chart } from '../charts/Chart'
import { curveLook } from '../charts/looks'
import { Key } from '../charts/marks'
import type { Axis, Point, Series } from '../charts/series'
import { count, duration, percent } from '../controls/format'
import { RunTable, type RunRow } from '../controls/RunTable'
import { useActions, useApp } from '../store'
import { denseRuns, families, familyKey, meanEnd, methodCurves, methodLabel, type MethodCurve } from '../store/comparison'
import { isComplete, sparsityOf, type KeptRun } from '../store/runs'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

const none: readonly KeptRun[] = []
const selectEvaluations = (s: AppState) => s.run.evaluations
const wholePercent = (v: number) => percent(v, 0)
const x: Axis = { label: 'Sparsity', domain: [0, 1], format: (v) => percent(v, v > 0.9 && v < 1 ? 1 : 0), ticks: [0, 0.25, 0.5, 0.75, 1] }

/** Every finished run of the same data, model and training: accuracy right after pruning and at the end. */
export const comparison = panel({
  id: 'comparison', title: 'Accuracy against sparsity', place: 'wide',
  Component() {
    const runs = useApp((s) => s.runs)
    const chosen = useApp((s) => s.ui.family)
    const asked = useApp((s) => s.run.asked)
    const ended = useApp((s) => s.run.result !== null)
    const evaluations = useSlow(selectEvaluations)
    const { restore } = useActions()
    const all = useMemo(() => families(runs), [runs])
    const wanted = chosen ?? (asked && familyKey(asked.experiment))
    const family = all.find((f) => f.key === wanted) ?? (chosen === null && wanted ? undefined : all[0])
    const members = family?.runs ?? none
    const curves = useMemo(() => methodCurves(members), [members])
    const series = useMemo(() => [...densePoints(members), ...drawn(curves)], [members, curves])
    const shown = family?.key ?? wanted ?? ''
    const live = useMemo(() => (asked && !ended && familyKey(asked.experiment) === shown ? liveSeries(asked.experiment, evaluations) : []), [asked, ended, evaluations, shown])
    const dense = meanEnd(denseRuns(members))
    const [table, setTable] = useState(false)
    const pick = (id: string) => {
      const run = runs.find((r) => r.runId === id)
      if (run) restore(run.experiment)
    }
    return (
      <>
        <Tools table={table} onTable={setTable} families={all} shown={family?.key ?? ''} />
        {table ? <Table runs={members} onPick={pick} /> : (
          <Chart
            series={[...series, ...live]} x={x} left={accuracyAxis([...series, ...live], dense)} onPick={pick}
            references={dense === null ? [] : [{ y: dense, label: `dense ${percent(dense)}` }]}
            summary={`Accuracy against sparsity of ${members.length} runs`}
            empty="Each finished run leaves two points here: accuracy right after pruning, hollow, and at the end, filled. Runs of another method join as a second curve."
            legend={<Legend curves={curves} live={live.length > 0} />}
          />
        )}
      </>
    )
  },
})

/** Ten-per-cent steps around what is drawn. */
function accuracyAxis(series: readonly Series[], dense: number | null): Axis {
  const drawn = [...series.flatMap((s) => s.points.map((p) => p.y)), ...(dense === null ? [] : [dense])]
  const low = Math.max(0, Math.floor(Math.min(1, ...drawn) * 10))
  const high = Math.min(10, Math.max(low + 1, Math.ceil(Math.max(0, ...drawn) * 10)))
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => (low + i) / 10)
  return { label: 'Held-out accuracy', domain: [low / 10, high / 10], ticks, format: wholePercent }
}

/** Dense runs stand at sparsity 0; the line across is their mean. */
function densePoints(runs: readonly KeptRun[]): Series[] {
  const points = denseRuns(runs).map((run) => ({ x: 0, y: run.end.accuracy, pick: run.runId, name: `Dense, seed ${run.experiment.seed}` }))
  return points.length === 0 ? [] : [{ key: 'dense', label: 'Dense', colour: 'var(--ink)', marker: 'circle', points }]
}

function drawn(all: readonly MethodCurve[]): Series[] {
  return all.flatMap((curve, i, curves): Series[] => {
    const { colour, marker, dash } = lookOf(curve, i, curves)
    const points = (moment: 'end' | 'pruned'): Point[] => curve.runs.flatMap((run) => {
      const evaluation = run[moment]
      return evaluation ? [{ x: sparsityOf(run), y: evaluation.accuracy, pick: run.runId, name: `${curve.label}, ${moments[moment]}, seed ${run.experiment.seed}` }] : []
    })
    const line = (moment: 'end' | 'pruned') => curve.points.flatMap((p) => (p[moment] === null ? [] : [{ x: p.sparsity, y: p[moment] }]))
    const { key, label } = curve
    return [
      { key: `${key} line`, label, colour, dash, points: line('end'), silent: true },
      { key: `${key} pruned line`, label, colour, dash: 'dotted', width: 1, opacity: 0.7, points: line('pruned'), silent: true },
      { key: `${key} pruned`, label, colour, marker, hollow: true, points: points('pruned') },
      { key: `${key} end`, label, colour, marker, points: points('end') },
    ]
  })
}

const moments = { end: 'at the end', pruned: 'right after pruning' } as const

function lookOf(curve: MethodCurve, i: number, curves: readonly MethodCurve[]) {
  return curveLook(curve.index, curves.slice(0, i).filter((other) => other.index === curve.index).length)
}

/** The run that is going: its measurements so far, as a path. */
function liveSeries(experiment: Experiment, evaluations: readonly Evaluation[]): Series[] {
  const name = methodLabel(experiment)
  const points = evaluations.map((e) => ({ x: e.sparsity, y: e.accuracy, name: `${name}, step ${e.step}` }))
  return points.length === 0 ? [] : [{ key: 'live', label: 'This run', colour: 'var(--ink)', dash: 'dotted', width: 1.2, marker: 'cross', radius: 3.5, points }]
}

function Legend({ curves, live }: { readonly curves: readonly MethodCurve[]; readonly live: boolean }) {
  return (
    <>
      {curves.map((curve, i) => <Key key={curve.key} label={curve.label} {...lookOf(curve, i, curves)} />)}
      {curves.length > 0 && <Key label="filled: at the end" colour="var(--soft)" marker="circle" />}
      {curves.length > 0 && <Key label="hollow: right after pruning" colour="var(--soft)" marker="circle" hollow />}
      {live && <Key label="the run that is going" colour="var(--ink)" marker="cross" dash="dotted" />}
    </>
  )
}

interface ToolsProps {
  readonly table: boolean
  readonly onTable: (table: boolean) => void
  readonly families: readonly { readonly key: string; readonly label: string }[]
  readonly shown: string
}

function Tools({ table, onTable, families: all, shown }: ToolsProps) {
  const { setUi } = useActions()
  if (all.length === 0) return null
  return (
    <div className="panel-tools">
      {(all.length > 1 || shown === '') && (
        <select aria-label="Which runs are compared" value={shown} onChange={(event) => setUi({ family: event.target.value })}>
          {shown === '' && <option value="">Runs like the one that is open</option>}
          {all.map((f) => <option key={f.key} value={f.key}>{f.label}</option>)}
        </select>
      )}
      <button type="button" aria-pressed={table} onClick={() => onTable(!table)}>Table</button>
    </div>
  )
}

function Table({ runs, onPick }: { readonly runs: readonly KeptRun[]; readonly onPick: (id: string) => void }) {
  const { removeRun, clearRuns } = useActions()
  return <RunTable rows={runs.map(rowOf).reverse()} onPick={onPick} onRemove={removeRun} onClear={clearRuns} />
}

function rowOf(run: KeptRun): RunRow {
  const { experiment, backend, steps } = run
  return {
    id: run.runId,
    name: methodLabel(experiment),
    cells: [
      String(experiment.seed), percent(sparsityOf(run), 2), run.pruned ? percent(run.pruned.accuracy) : '–', percent(run.end.accuracy),
      isComplete(run) ? backend.backend : `${backend.backend}, stopped at step ${count(steps)}`, duration(run.seconds),
    ],
  }
}
