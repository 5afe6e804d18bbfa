/** What a set of runs says about methods: means over seeds at each sparsity, ranked. Used by the page and the command line. */
import type { Experiment } from '../core/experiment'
import { summarise, type Summary } from '../core/statistics'
import { methodLabel } from './methodLabel'
import { idsOf, plugin } from './registries'

/** What a comparison needs of a finished run. Accuracies are shares of the held-out examples. */
export interface Outcome {
  readonly runId: string
  readonly experiment: Experiment
  /** Right after the last mask change, null where masks never changed. */
  readonly pruned: number | null
  /** When training has ended. */
  readonly end: number
  readonly kept: number
  readonly prunable: number
  readonly parameters: number
  /** Multiply-adds before over after pruning, null where nobody measured it. */
  readonly speedup: number | null
  /** Share of the most frequent held-out class, null where it is not known. */
  readonly majority: number | null
  /** What else was measured, by the keys of measures.ts. */
  readonly measures?: Readonly<Record<string, number>>
}

/** When accuracy is looked at. */
export type Moment = 'end' | 'pruned'

/** A method, in one setting of its knobs, at one sparsity: its runs differ by seed only. */
export interface Row {
  readonly label: string
  /** Place of the method in the registry. */
  readonly index: number
  /** Sparsity that was asked for, or that came out where it cannot be asked for. */
  readonly sparsity: number
  /** By rising seed. */
  readonly outcomes: readonly Outcome[]
}

/** Rows of one sparsity, best mean first. */
export interface Ranking {
  readonly sparsity: number
  readonly rows: readonly Row[]
}

/** Every method and sparsity of the runs, in the order of the registry, then by rising sparsity. */
export function rowsOf(outcomes: readonly Outcome[]): readonly Row[] {
  const order = idsOf('method')
  const rows = new Map<string, Row & { outcomes: Outcome[] }>()
  for (const outcome of [...outcomes].sort((a, b) => a.experiment.seed - b.experiment.seed)) {
    const label = methodLabel(outcome.experiment)
    const sparsity = nominalSparsity(outcome)
    const key = `${label} ${sparsity.toFixed(4)}`
    const row = rows.get(key)
    if (row) row.outcomes.push(outcome)
    else rows.set(key, { label, sparsity, index: order.indexOf(outcome.experiment.method.id), outcomes: [outcome] })
  }
  return [...rows.values()].sort((a, b) => a.index - b.index || a.label.localeCompare(b.label) || a.sparsity - b.sparsity)
}

/** Rows by rising sparsity; within one, those without a value at this moment come last. */
export function rankings(rows: readonly Row[], moment: Moment): readonly Ranking[] {
  const sparsities = [...new Set(rows.map((row) => row.sparsity))].sort((a, b) => a - b)
  const mean = (row: Row) => accuracyOf(row, moment)?.mean ?? -1
  return sparsities.map((sparsity) => ({
    sparsity, rows: rows.filter((row) => row.sparsity === sparsity).sort((a, b) => mean(b) - mean(a) || a.index - b.index),
  }))
}

/** Accuracy of a row's runs over their seeds; null where none of them has it. */
export function accuracyOf(row: Row, moment: Moment): Summary | null {
  return summarise(row.outcomes.flatMap((outcome) => outcome[moment] ?? []))
}

/** Accuracy minus the dense run's of the same seed at its end, over the seeds that have both; null where none has. */
export function changeOf(row: Row, moment: Moment, dense: readonly Outcome[]): Summary | null {
  const reference = new Map(dense.map((outcome) => [outcome.experiment.seed, outcome.end]))
  return summarise(row.outcomes.flatMap((outcome) => {
    const [accuracy, before] = [outcome[moment], reference.get(outcome.experiment.seed)]
    return accuracy === null || before === undefined ? [] : accuracy - before
  }))
}

/** Runs of the model as it is: every weight is kept, from the first step to the last, and no method has a say in the forward pass. */
export function denseOutcomes(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter((outcome) => outcome.kept === outcome.prunable && !isTouched(outcome.experiment))
}

function isTouched({ method: { id, values }, training: { steps } }: Experiment): boolean {
  const method = plugin('method', id)
  const plan = method.plan(values, steps)
  return method.units?.(values) !== undefined || Array.from({ length: steps }, (_, t) => plan.training(t) ?? 0).some((share) => share > 0)
}

/** Share of prunable weights that are zero at the end. */
export function sparsityOf({ kept, prunable }: Pick<Outcome, 'kept' | 'prunable'>): number {
  return prunable > 0 ? 1 - kept / prunable : 0
}

/** All parameters over the remaining ones, those that cannot be pruned among them: the mean over the row's runs. */
export function compressionOf(row: Row): number {
  const ratios = row.outcomes.map(({ parameters, prunable, kept }) => parameters / Math.max(1, parameters - prunable + kept))
  return summarise(ratios)?.mean ?? 1
}

/** Theoretical speedup: the mean over the row's runs that know it, null where none does. */
export function speedupOf(row: Row): number | null {
  return summarise(row.outcomes.flatMap((outcome) => outcome.speedup ?? []))?.mean ?? null
}

/** What was asked for, so that floor and nearest rounding meet; the measured share where a method only steers towards it. */
function nominalSparsity(outcome: Outcome): number {
  const { id, values } = outcome.experiment.method
  const measured = sparsityOf(outcome)
  const target = plugin('method', id).target(values)
  return Math.abs(target - measured) <= 0.005 ? target : Math.round(measured * 100) / 100
}
