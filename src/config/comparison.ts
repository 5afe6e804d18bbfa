/**
 * What a set of runs says about methods: means over seeds at each sparsity, ranked. Used by the page and the command
 * line.
 */
import { shortPercent } from '../core/figures'
import type { Experiment } from '../core/experiment'
import { shownKnobs } from '../core/knob'
import { maskCheckOf } from '../core/maskCheck'
import type { Method } from '../core/method'
import type { Plan } from '../core/plan'
import { summarise, type Summary } from '../core/statistics'
import { costOf } from './cost'
import { kindNames, kindOf, type Made } from './made'
import { methodLabel, sparsityName } from './methodLabel'
import { estimate, ranksOf, type Estimate } from './ranks'
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
  /** Multiply-adds before pruning over those after it, null where they were not measured. */
  readonly speedup: number | null
  /** Share of the most frequent held-out class, null where it is not known. */
  readonly majority: number | null
  /** How many held-out examples accuracy was measured on, null where it is not known. */
  readonly held: number | null
  /** What else was measured, by the keys of measures.ts. */
  readonly measures?: Readonly<Record<string, number>>
  /** Who made it; absent on the page, where all runs are of one browser. */
  readonly made?: Made
}

/** When accuracy is looked at. */
export type Moment = 'end' | 'pruned'

/** A method, in one setting of its knobs, at one sparsity: its runs differ by seed only. */
export interface Row {
  readonly label: string
  /** Place of the method in the registry. */
  readonly index: number
  /** Sparsity that was asked for; where another one came out, the mean of these, in whole per cent. */
  readonly sparsity: number
  /** Sparsity that was asked for, null where the method with these knobs has no such knob. */
  readonly asked: number | null
  /** By rising seed. */
  readonly outcomes: readonly Outcome[]
}

/** Rows of one sparsity, best mean first. */
export interface Ranking {
  readonly sparsity: number
  readonly rows: readonly RankedRow[]
}

/** A row and its rank, as `ranksOf` writes it. */
export interface RankedRow extends Row {
  readonly rank: string
}

/**
 * Every method and sparsity of the runs, in the order of the registry, then by rising sparsity. Seeds stay together
 * even where their sparsities differ.
 */
export function rowsOf(outcomes: readonly Outcome[]): readonly Row[] {
  const order = idsOf('method')
  const kindName = kindNames(outcomes)
  const labelOf = (outcome: Outcome) => `${methodLabel(outcome.experiment)}${kindName(outcome)}`
  const asked = new Map<string, Outcome[]>()
  for (const outcome of [...outcomes].sort((a, b) => a.experiment.seed - b.experiment.seed)) {
    const key = `${labelOf(outcome)} ${targetOf(outcome.experiment).toFixed(4)}`
    asked.set(key, [...(asked.get(key) ?? []), outcome])
  }
  const rows = [...asked.values()].flatMap((members) =>
    members.slice(0, 1).map((first): Row => ({
      label: labelOf(first),
      asked: askedOf(first.experiment),
      index: order.indexOf(first.experiment.method.id),
      sparsity: sparsityOfRow(members, targetOf(first.experiment)),
      outcomes: members,
    })),
  )
  return rows.sort((a, b) => a.index - b.index || a.label.localeCompare(b.label) || a.sparsity - b.sparsity)
}

/**
 * Rows by rising sparsity; within one, those without a value at this moment come last. Rows that differ by less than
 * the spread share a rank.
 */
export function rankings(rows: readonly Row[], moment: Moment): readonly Ranking[] {
  const sparsities = [...new Set(rows.map((row) => row.sparsity))].sort((a, b) => a - b)
  const mean = (row: Row) => accuracyOf(row, moment)?.mean ?? -1
  return sparsities.map((sparsity) => {
    const ordered = rows
      .filter((row) => row.sparsity === sparsity)
      .sort((a, b) => mean(b) - mean(a) || a.index - b.index)
    const ranks = ranksOf(ordered.map((row) => estimateOf(row, moment)))
    return { sparsity, rows: ordered.map((row, i) => ({ ...row, rank: ranks[i] ?? '–' })) }
  })
}

/** A row's accuracy and how sure it is; null where no run has it. */
function estimateOf({ outcomes }: Row, moment: Moment): Estimate | null {
  const [first] = outcomes
  // Runs of old versions did not record it; they count by what was asked for.
  const asked = first?.experiment.data.values.held
  return estimate(
    outcomes.flatMap((outcome) => outcome[moment] ?? []),
    first?.held ?? (typeof asked === 'number' ? asked : null),
  )
}

/** Accuracy of a row's runs over their seeds; null where none of them has it. */
export function accuracyOf(row: Row, moment: Moment): Summary | null {
  return summarise(row.outcomes.flatMap((outcome) => outcome[moment] ?? []))
}

/** Accuracy minus the dense run's of the same seed at its end, over the seeds that have both; null where none has. */
export function changeOf(row: Row, moment: Moment, dense: readonly Outcome[]): Summary | null {
  const reference = new Map(dense.map((outcome) => [pairOf(outcome), outcome.end]))
  return summarise(
    row.outcomes.flatMap((outcome) => {
      const [accuracy, before] = [outcome[moment], reference.get(pairOf(outcome))]
      return accuracy === null || before === undefined ? [] : accuracy - before
    }),
  )
}

/**
 * The dense reference, seed by seed: runs that keep every weight from the first step to the last and train as they
 * would without a method. Where a seed has runs whose plan asks for nothing at all, they alone are its reference.
 */
export function denseOutcomes(outcomes: readonly Outcome[]): readonly Outcome[] {
  const untouched = outcomes.filter((outcome) => outcome.kept === outcome.prunable && !isTouched(outcome.experiment))
  const plain = new Set(untouched.filter(({ experiment }) => isPlain(experiment)).map(pairOf))
  return untouched.filter((outcome) => !plain.has(pairOf(outcome)) || isPlain(outcome.experiment))
}

/** What a run shares with the dense run that it is compared with. */
function pairOf(outcome: Outcome): string {
  return `${outcome.experiment.seed} ${kindOf(outcome)}`
}

/** Whether the run has no method: its plan asks for nothing at all. */
export function isPlain(experiment: Experiment): boolean {
  const { scoringBatches, initial, lastEvent } = planOf(experiment)
  return scoringBatches === 0 && initial === undefined && lastEvent < 0
}

function planOf({ method: { id, values }, training: { steps } }: Experiment): Plan {
  return plugin('method', id).plan(values, steps)
}

/** Whether training differs from that of the dense model, even where every weight is kept. */
function isTouched(experiment: Experiment): boolean {
  const {
    method: { id, values },
    training: { steps },
  } = experiment
  const method = plugin('method', id)
  const plan = planOf(experiment)
  return (
    maskCheckOf(values) !== 'none'
    || changesTraining(method, plan)
    || method.units?.(values) !== undefined
    || Array.from({ length: steps }, (_, t) => plan.training(t) ?? 0).some((share) => share > 0)
  )
}

/**
 * Rewinds, frozen weights, weights that change places or have another step rule, moments that start again after a cut
 * in JavaScript.
 */
function changesTraining(method: Method, plan: Plan): boolean {
  const named = <T extends object>(of: T, parts: readonly (keyof T)[]) => parts.some((part) => of[part] !== undefined)
  return (
    named(method, ['step', 'cut'])
    || named(plan, ['rounds', 'exchange', 'calibration'])
    || named(plan.course ?? {}, ['pace', 'clock'])
  )
}

/** Share of prunable weights that are zero at the end. */
export function sparsityOf({ kept, prunable }: Pick<Outcome, 'kept' | 'prunable'>): number {
  return prunable > 0 ? 1 - kept / prunable : 0
}

/** All parameters over the remaining ones, with those that cannot be pruned: the mean over the row's runs. */
export function compressionOf(row: Row): number {
  const ratios = row.outcomes.map(
    ({ parameters, prunable, kept }) => parameters / Math.max(1, parameters - prunable + kept),
  )
  return summarise(ratios)?.mean ?? 1
}

/** Theoretical speedup: the mean over the row's runs that have it, null where none does. */
export function speedupOf(row: Row): number | null {
  return summarise(row.outcomes.flatMap((outcome) => outcome.speedup ?? []))?.mean ?? null
}

/**
 * Gradient passes of the whole run over those of dense training (`MethodCost.relative`); a row's runs have the same.
 */
export function trainingCostOf({ outcomes: [first] }: Pick<Row, 'outcomes'>): number {
  return first ? costOf(first.experiment).relative : 1
}

/** The sparsity that a run was asked for, null where its method with these knobs has no such knob. */
export function askedOf(experiment: Experiment): number | null {
  const { id, values } = experiment.method
  return shownKnobs(plugin('method', id).knobs, values).includes(sparsityName) ? targetOf(experiment) : null
}

/**
 * A row by its label and, where something else came out, the sparsity that was asked for: two rows may have come to the
 * same one.
 */
export function nameOf({ label, sparsity, asked }: Pick<Row, 'label' | 'sparsity' | 'asked'>): string {
  return asked === null || Math.abs(asked - sparsity) <= 0.005 ? label : `${label}, asked for ${shortPercent(asked, 3)}`
}

function targetOf({ method: { id, values } }: Experiment): number {
  return plugin('method', id).target(values)
}

/**
 * What was asked for, so that methods that round down and those that round to nearest stand together; the mean of what
 * came out, where a method only aims at it.
 */
function sparsityOfRow(outcomes: readonly Outcome[], target: number): number {
  const measured = outcomes.map(sparsityOf)
  if (measured.every((sparsity) => Math.abs(target - sparsity) <= 0.005)) return target
  return Math.round(100 * (summarise(measured)?.mean ?? target)) / 100
}
