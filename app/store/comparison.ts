import { denseOutcomes, rowsOf, type Outcome, type Row } from '../../src/config/comparison'
import { defaultExperiment } from '../../src/config/defaults'
import { familyLabel } from '../../src/config/familyLabel'
import { canonical } from '../../src/config/identity'
import type { Experiment } from '../../src/core/experiment'
import { remembered } from './remembered'
import { isComplete, type KeptRun } from './runs'

/** Runs of the same data, model and training: only they may be compared. */
export interface Family {
  readonly key: string
  readonly label: string
  readonly runs: readonly KeptRun[]
}

/** One curve of the comparison: a method in one setting of its knobs, by rising sparsity. */
export interface MethodCurve {
  readonly label: string
  readonly rows: readonly Row[]
}

/**
 * What makes two runs comparable, as a key: everything but seed and method. @param files what `ownFiles` says of the
 * run
 */
export function familyKey(experiment: Experiment, files = ''): string {
  return settingsOf(experiment) + files
}

const settingsOf = remembered((experiment) => canonical({ ...experiment, seed: 0, method: defaultExperiment.method }))

/** Families by the time of their newest run, newest first. */
export function families(runs: readonly KeptRun[]): readonly Family[] {
  const byKey = groupBy([...runs].reverse(), (run) => familyKey(run.experiment, run.files))
  const labels = [...byKey.values()].map(([newest]) => (newest ? familyLabel(newest.experiment) : ''))
  return [...byKey].map(([key, members], i) => {
    const label = labels[i] ?? ''
    const alike = labels.filter((other, j) => j < i && other === label).length
    return { key, label: alike > 0 ? `${label} (${alike + 1})` : label, runs: members.reverse() }
  })
}

/** The runs that may be compared: those that did all their steps. */
export function outcomesOf(runs: readonly KeptRun[]): readonly Outcome[] {
  return runs.filter(isComplete).map((run) => ({ ...run, pruned: run.pruned?.accuracy ?? null, end: run.end.accuracy }))
}

/** Curves, one for each method and setting of its knobs; dense runs are not a curve but a line across. */
export function methodCurves(outcomes: readonly Outcome[]): readonly MethodCurve[] {
  const dense = new Set(denseOutcomes(outcomes))
  const byLabel = groupBy(rowsOf(outcomes.filter((outcome) => !dense.has(outcome))), (row) => row.label)
  return [...byLabel].map(([label, rows]) => ({ label, rows }))
}

/** Map.groupBy, which browsers of 2023 lack. */
function groupBy<T, K>(entries: readonly T[], keyOf: (entry: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const entry of entries) {
    const group = groups.get(keyOf(entry))
    if (group) group.push(entry)
    else groups.set(keyOf(entry), [entry])
  }
  return groups
}
