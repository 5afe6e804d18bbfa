import { defaultExperiment } from '../../src/config/defaults'
import { canonical } from '../../src/config/identity'
import { idsOf, knobsOf, plugin } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'
import { sizeOf } from './setup'
import { isComplete, sparsityOf, type KeptRun } from './runs'

/** Runs of the same data, model and training: only they may be compared. */
export interface Family {
  readonly key: string
  readonly label: string
  readonly runs: readonly KeptRun[]
}

/** A point of a method's curve: mean over runs of equal sparsity (seeds). Accuracies are shares. */
export interface MeanPoint {
  readonly sparsity: number
  readonly pruned: number | null
  readonly end: number
  readonly runs: number
}

/** One curve of the comparison: a method in one setting of its choices and flags, its runs by rising sparsity. */
export interface MethodCurve {
  readonly key: string
  readonly label: string
  /** Place of the method in the registry: chooses colour and marker, so that they never change. */
  readonly index: number
  readonly runs: readonly KeptRun[]
  readonly points: readonly MeanPoint[]
}

/** What makes two runs comparable, as a key: everything but seed and method. */
export function familyKey(experiment: Experiment): string {
  return canonical({ ...experiment, seed: 0, method: defaultExperiment.method })
}

/** Families by the time of their newest run, newest first. */
export function families(runs: readonly KeptRun[]): readonly Family[] {
  const byKey = groupBy([...runs].reverse(), (run) => familyKey(run.experiment))
  const labels = [...byKey.values()].map(([newest]) => (newest ? familyLabel(newest.experiment) : ''))
  return [...byKey].map(([key, members], i) => {
    const label = labels[i] ?? ''
    const alike = labels.filter((other, j) => j < i && other === label).length
    return { key, label: alike > 0 ? `${label} (${alike + 1})` : label, runs: members.reverse() }
  })
}

/** Data, model and length of a run in a few words. */
export function familyLabel({ data, model, training }: Experiment): string {
  const size = sizeOf(model) ?? 'own shape'
  return `${plugin('data', data.id).label}, ${plugin('model', model.id).label} ${size}, ${training.steps.toLocaleString('en')} steps`
}

/** Curves of a family, one for each method and setting of its choices; stopped runs and dense ones are left out. */
export function methodCurves(runs: readonly KeptRun[]): readonly MethodCurve[] {
  const shown = runs.filter((run) => isComplete(run) && !isDense(run))
  const order = idsOf('method')
  return [...groupBy(shown, (run) => methodLabel(run.experiment))]
    .map(([label, members]) => ({
      key: label, label, runs: members, points: meanPoints(members),
      index: order.indexOf(members[0]?.experiment.method.id ?? ''),
    }))
    .sort((a, b) => a.index - b.index || a.label.localeCompare(b.label))
}

/** Complete runs that keep every weight: the reference line. */
export function denseRuns(runs: readonly KeptRun[]): readonly KeptRun[] {
  return runs.filter((run) => isComplete(run) && isDense(run))
}

/** Mean accuracy of runs, null for none. */
export function meanEnd(runs: readonly KeptRun[]): number | null {
  return runs.length > 0 ? runs.reduce((sum, run) => sum + run.end.accuracy, 0) / runs.length : null
}

/** Method and those of its choices and flags that differ from the default: "Magnitude, one-shot". */
export function methodLabel(experiment: Experiment): string {
  const knobs = knobsOf(experiment, 'method')
  const departures = Object.entries(knobs).flatMap(([name, knob]) => {
    const value = experiment.method.values[name]
    if (value === undefined || value === knob.default || knob.kind === 'number') return []
    return knob.kind === 'choice' ? [(knob.options[String(value)] ?? String(value)).toLowerCase()] : [`${value ? '' : 'no '}${knob.label.toLowerCase()}`]
  })
  return [plugin('method', experiment.method.id).label, ...departures].join(', ')
}

function isDense(run: KeptRun): boolean {
  return run.kept === run.prunable
}

/** Sparsities that differ by less than a ten-thousandth are the same target in another rounding. */
function meanPoints(runs: readonly KeptRun[]): readonly MeanPoint[] {
  const bySparsity = groupBy(runs, (run) => Math.round(sparsityOf(run) * 10_000))
  return [...bySparsity.values()].map((members) => {
    const pruned = members.flatMap((run) => (run.pruned ? [run.pruned.accuracy] : []))
    return {
      sparsity: members.reduce((sum, run) => sum + sparsityOf(run), 0) / members.length,
      pruned: pruned.length > 0 ? pruned.reduce((a, b) => a + b, 0) / pruned.length : null,
      end: meanEnd(members) ?? 0,
      runs: members.length,
    }
  }).sort((a, b) => a.sparsity - b.sparsity)
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
