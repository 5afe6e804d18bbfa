import { useMemo, useState } from 'react'
import { methodLabel } from '../../src/config/methodLabel'
import { inTraining, instabilityOf, normalisedInstabilityOf, type WatchedCut } from '../../src/core/instability'
import { Chart } from '../charts/Chart'
import { Key } from '../charts/marks'
import { denseLook, methodLook, settingLooks } from '../charts/methodLook'
import type { Series } from '../charts/series'
import { shareAxis, stepAxis } from '../charts/ticks'
import { count, percent } from '../controls/format'
import { Segments } from '../controls/Segments'
import { useActions, useApp } from '../store'
import { familyKey } from '../store/comparison'
import { ownFiles } from '../store/ownFiles'
import { isComplete, type KeptRun } from '../store/runs'
import { useSeats, type Seat } from '../store/seats'
import { shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import { panel } from './panel'

const views = { run: 'This run', runs: 'Kept runs' } as const
const points = (v: number) => percent(v, Math.abs(v) < 0.1 && v !== 0 ? 1 : 0).replace('-', '−')

/** What mask changes cost on the spot, and whether runs that were hurt more end better or worse. */
export const stability = panel({
  id: 'stability',
  title: 'Accuracy lost at cuts',
  place: 'inside',
  Component() {
    const [view, setView] = useState<keyof typeof views>('run')
    return (
      <>
        <div className="panel-tools">
          <Segments label="View" options={views} value={view} onChange={setView} />
        </div>
        {view === 'run' ? <ThisRun /> : <KeptRuns />}
      </>
    )
  },
})

function ThisRun() {
  const { cuts, asked } = useSlow(shownRun)
  const steps = asked?.experiment.training.steps ?? 1
  const mean = instabilityOf(cuts)
  const share = normalisedInstabilityOf(cuts)
  const counted = inTraining(cuts).length
  return (
    <>
      <Chart
        series={cutSeries(cuts)}
        x={{ label: 'Step', format: count, ...stepAxis(steps) }}
        left={{
          label: 'Held-out accuracy',
          ...shareAxis(cuts.flatMap(({ before, after }) => [before.accuracy, after.accuracy])),
        }}
        summary={
          `Accuracy before and after ${cuts.length} mask changes`
          + (mean === null ? '' : `, ${mean < 0 ? 'mean gain' : 'mean loss'} ${points(Math.abs(mean))}`)
        }
        empty={
          'Accuracy right before and right after mask changes appears here, '
          + 'on 256 held-out examples (see Training, watched cuts).'
        }
        legend={
          <>
            <Key label="right before a cut" {...beforeLook} />
            <Key label="right after it" {...afterLook} />
          </>
        }
      />
      {mean !== null && (
        <p className="help">
          {counted === 1 ? 'The watched cut' : `${counted} watched cuts`} in training{' '}
          {lossText(mean, share, counted > 1)}
        </p>
      )}
    </>
  )
}

/** What cuts did to accuracy, as shares that were lost: negative where it rose. */
function lossText(mean: number, share: number | null, averaged: boolean): string {
  if (mean === 0) return averaged ? 'cost no accuracy on average.' : 'cost no accuracy.'
  const verb = mean < 0 ? 'raised accuracy' : 'cost'
  // Means of two kinds may differ in sign; the second is left out then.
  const relative = share === null || share * mean <= 0 ? '' : `, ${points(Math.abs(share))} of the accuracy before`
  const by = mean < 0 ? 'by ' : ''
  return `${verb}${averaged ? ', on average, ' : ' '}${by}${points(Math.abs(mean))} of the examples${relative}.`
}

const beforeLook = { colour: 'var(--curve-0)', marker: 'circle' } as const
const afterLook = { colour: 'var(--curve-1)', marker: 'down', hollow: true } as const

/** Two marks a cut, and the way from one to the other. */
function cutSeries(cuts: readonly WatchedCut[]): Series[] {
  const at = (when: 'before' | 'after') =>
    cuts.map((cut) => ({
      x: cut.step,
      y: cut[when].accuracy,
      name: `${percent(cut.sparsity)} sparse, loss ${cut[when].loss.toFixed(2)}`,
    }))
  return [
    ...cuts.map(({ step, before, after }): Series => ({
      key: `fall ${step}`,
      label: '',
      colour: 'var(--soft)',
      dash: 'solid',
      width: 1.4,
      silent: true,
      points: [
        { x: step, y: before.accuracy },
        { x: step, y: after.accuracy },
      ],
    })),
    { key: 'before', label: 'Right before a cut', ...beforeLook, points: at('before') },
    { key: 'after', label: 'Right after a cut', ...afterLook, points: at('after') },
  ]
}

function KeptRuns() {
  const runs = useApp((s) => s.runs)
  const { experiment, files } = useApp((s) => shownRun(s).asked ?? s.setup)
  const { pick } = useActions()
  const shown = useMemo(() => {
    const family = familyKey(experiment, ownFiles(experiment, files))
    return runs.filter(
      (run) => isComplete(run) && dropOf(run) !== undefined && familyKey(run.experiment, run.files) === family,
    )
  }, [runs, experiment, files])
  const seats = useSeats(settingLooks)
  const clouds = useMemo(() => byMethod(shown, seats), [shown, seats])
  return (
    <>
      <Chart
        series={clouds}
        x={{
          label: 'Accuracy lost at a cut, mean',
          ...shareAxis([0, ...shown.flatMap((run) => dropOf(run) ?? [])], 0.01, [-1, 1]),
        }}
        left={{ label: 'Held-out accuracy', ...shareAxis(shown.map((run) => run.end.accuracy)) }}
        onPick={pick}
        summary={`Accuracy at the end against mean accuracy lost at mask changes, ${shown.length} runs`}
        empty={
          'Each finished run whose mask changed in training adds a point here: '
          + 'its accuracy at the end against the mean accuracy lost at those cuts. Runs of the same data, '
          + 'model and training are shown together.'
        }
        legend={clouds.map(({ key, label, colour, marker = 'circle', hollow = false }) => (
          <Key key={key} label={label} colour={colour} marker={marker} hollow={hollow} />
        ))}
      />
      {shown.length > 0 && (
        <p className="help">Cuts before training do not count: a model that has learned nothing has nothing to lose.</p>
      )}
    </>
  )
}

const dropOf = (run: KeptRun): number | undefined => run.measures?.drop

/** One cloud a method in one setting of its knobs; sparsities and seeds share it. */
function byMethod(runs: readonly KeptRun[], seats: ReadonlyMap<string, Seat>): Series[] {
  const labels = [...new Set(runs.map((run) => methodLabel(run.experiment)))].sort()
  return labels.map((label): Series => {
    const seat = seats.get(label)
    const { colour, marker, hollow } = seat ? methodLook(seat.method, seat.setting) : denseLook
    const points = runs
      .filter((run) => methodLabel(run.experiment) === label)
      .map((run) => ({
        x: dropOf(run) ?? 0,
        y: run.end.accuracy,
        pick: run.runId,
        name: `${label}, ${percent(1 - run.kept / run.prunable)} sparse, seed ${run.experiment.seed}`,
      }))
    return { key: label, label, colour, marker, hollow, points }
  })
}
