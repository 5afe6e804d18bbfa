import { askedOf, sparsityOf } from '../../../src/config/comparison'
import { methodLabel } from '../../../src/config/methodLabel'
import { MarkOf } from '../../charts/marks'
import { count, duration, percent } from '../../controls/format'
import { RunTable, type RunRow } from '../../controls/RunTable'
import { useActions, useApp } from '../../store'
import { isComplete, type KeptRun } from '../../store/runs'
import { shownId } from '../../store/shownRun'
import type { Looks } from './useLooks'

interface RunsProps {
  readonly runs: readonly KeptRun[]
  readonly looks: Looks
  readonly onPick: (id: string) => void
}

/**
 * Every finished run, the newest first; a click on one brings it back. Stored runs that cannot be read come last:
 * nobody can tell what they may be compared with.
 */
export default function Runs({ runs, looks, onPick }: RunsProps) {
  const { removeRuns, bringBackRuns, markRun } = useActions()
  const current = useApp(shownId)
  const unread = useApp((s) => s.unread)
  const removed = useApp((s) => s.removed.length)
  const attacked = runs.some((run) => run.end.robust !== undefined)
  const withF1 = runs.some((run) => run.end.f1 !== undefined)
  const columns = [
    'Seed',
    'Sparsity',
    'After pruning',
    'At the end',
    ...(withF1 ? ['F1'] : []),
    ...(attacked ? ['Under attack'] : []),
    'Engine',
    'Time',
  ]
  const rows = runs
    .map((run) => ({ ...rowOf(run, withF1, attacked), mark: <MarkOf {...looks(methodLabel(run.experiment))} /> }))
    .reverse()
  return (
    <RunTable
      columns={columns}
      rows={rows}
      current={current}
      onPick={onPick}
      unread={unread}
      onPin={(id, pinned) => markRun(id, { pinned })}
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

/** @param withF1 with a cell for F1 @param attacked with a cell for robust accuracy */
function rowOf(run: KeptRun, withF1: boolean, attacked: boolean): Omit<RunRow, 'mark'> {
  const { experiment, backend, steps } = run
  return {
    id: run.runId,
    name: run.name ?? methodLabel(experiment),
    pinned: run.pinned ?? false,
    cells: [
      String(experiment.seed),
      askedText(run),
      run.pruned ? percent(run.pruned.accuracy) : '–',
      percent(run.end.accuracy),
      ...(withF1 ? [run.end.f1 === undefined ? '–' : percent(run.end.f1)] : []),
      ...(attacked ? [run.end.robust === undefined ? '–' : percent(run.end.robust)] : []),
      isComplete(run) ? backend.backend : `${backend.backend}, stopped at step ${count(steps)}`,
      duration(run.seconds),
    ],
  }
}
