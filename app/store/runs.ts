import { canonical } from '../../src/config/identity'
import { measuresOf } from '../../src/config/measures'
import type { Experiment } from '../../src/core/experiment'
import type { BackendReport, Evaluation, LayerSparsity, RunResult } from '../../src/core/trainer'
import { emptyCurve, type Curve } from './curve'
import { historyOf, isHistory, type History } from './history'
import { keptId } from './ownFiles'
import type { Shelf } from './shelf'

/** A finished run as the browser keeps it. */
export interface KeptRun {
  /** The result's run id, then `files`. */
  readonly runId: string
  /** Files of the user that it read (`ownFiles`); absent where it read none, and in runs of old versions. */
  readonly files?: string
  readonly experiment: Experiment
  readonly backend: BackendReport
  /** One sentence: where the examples came from. */
  readonly source: string
  /** Right after the last mask change; null where masks never changed. */
  readonly pruned: Evaluation | null
  readonly end: Evaluation
  readonly layers: readonly LayerSparsity[]
  /** Steps done; fewer than the experiment asks for when the run was stopped. */
  readonly steps: number
  readonly kept: number
  readonly prunable: number
  readonly parameters: number
  /** Share of the most frequent held-out class; null in runs of versions that did not measure it. */
  readonly majority: number | null
  /** Held-out examples that accuracy was measured on; null in runs of old versions. */
  readonly held: number | null
  /** Multiply-adds before pruning over those after it; null where they were not measured. */
  readonly speedup: number | null
  /**
   * What else was measured, by the keys of src/config/measures.ts; absent in runs of versions that measured nothing
   * else.
   */
  readonly measures?: Readonly<Record<string, number>>
  readonly seconds: number
  readonly msPerStep: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** Its curves; absent in older runs, whose curves make room for newer ones, and in runs of old versions. */
  readonly history?: History
}

/** Runs that are kept; the oldest make room. About 3 KB each, below the 5 MB that browsers give a page. */
export const mostRuns = 1000

/**
 * Runs that are kept with their curves: 4 to 9 KB more each. The whole shelf is written in one task when a run ends.
 */
export const mostHistories = 50

/** The shelf's key for them. */
export const runsKey = 'pruning-playground/runs/v1'

/**
 * A result as it is kept; null when the run ended before anything was measured. @param files what `ownFiles` says of
 * the run @param curve of its training
 */
export function keep(result: RunResult, at: number, files = '', curve: Curve = emptyCurve): KeptRun | null {
  const end = result.evaluations.findLast((e) => e.moment === 'end')
  if (!end) return null
  const { experiment, backend, layers, steps, kept, prunable, parameters, majority, held, seconds, msPerStep } = result
  const pruned = result.evaluations.findLast((e) => e.moment === 'pruned') ?? null
  const speedup = result.inference?.theoreticalSpeedup ?? null
  return {
    runId: keptId(result.runId, files),
    ...(files === '' ? {} : { files }),
    experiment,
    backend,
    source: result.source.text,
    pruned,
    end,
    layers,
    steps,
    kept,
    prunable,
    parameters,
    majority,
    held,
    speedup,
    measures: measuresOf(result),
    seconds,
    msPerStep,
    at,
    history: historyOf(result, curve),
  }
}

/** The runs with one more, newest last; it replaces an older copy of the same run, unless that one has more steps. */
export function addRun(runs: readonly KeptRun[], run: KeptRun): readonly KeptRun[] {
  const older = runs.find((r) => r.runId === run.runId)
  if (older && older.steps > run.steps) return runs
  return bounded([...runs.filter((r) => r.runId !== run.runId), run])
}

function bounded(runs: readonly KeptRun[]): readonly KeptRun[] {
  const some = runs.slice(-mostRuns)
  const older = some.length - mostHistories
  return older > 0 ? [...some.slice(0, older).map(withoutHistory), ...some.slice(older)] : some
}

function withoutHistory(run: KeptRun): KeptRun {
  const { history, ...rest } = run
  return history ? rest : run
}

const unmeasured = { majority: null, held: null, speedup: null }

/** What is on the shelf; no runs where it cannot be read. */
function shelfText(shelf: Shelf | null): string {
  try {
    return shelf?.getItem(runsKey) ?? '[]'
  } catch {
    return '[]'
  }
}

/** Entries that are not runs (of an older version, of another program, or half written) are left out. */
function parsed(text: string): readonly KeptRun[] {
  try {
    const entries: unknown = JSON.parse(text)
    return Array.isArray(entries)
      ? entries
          .filter(isKeptRun)
          .slice(-mostRuns)
          .map((run) => ({ ...unmeasured, ...(isHistory(run.history) ? run : withoutHistory(run)) }))
      : []
  } catch {
    return []
  }
}

/**
 * Writes the shelf. Where it is full, curves are left out, then the oldest runs. Returns how many runs it holds now.
 */
export function saveRuns(shelf: Shelf | null, runs: readonly KeptRun[]): number {
  if (!shelf) return 0
  const lean = runs.map(withoutHistory)
  if (writes(shelf, runs)) return runs.length
  for (let from = 0; ; from += Math.ceil((lean.length - from) / 2)) {
    if (writes(shelf, lean.slice(from))) return lean.length - from
    if (from >= lean.length) return 0
  }
}

function writes(shelf: Shelf, runs: readonly KeptRun[]): boolean {
  try {
    shelf.setItem(runsKey, JSON.stringify(runs))
    return true
  } catch {
    return false
  }
}

/** The runs on the shelf, which other tabs of this page share. */
export interface SharedRuns {
  readonly read: () => readonly KeptRun[]
  /** Changes what is there now, and returns the new runs. */
  readonly change: (next: (runs: readonly KeptRun[]) => readonly KeptRun[]) => readonly KeptRun[]
}

/** Looks at the shelf before each change: another page may have kept or deleted runs since. */
export function sharedRuns(shelf: Shelf | null): SharedRuns {
  // The oldest runs, for which the shelf has no room, last as long as this page.
  let homeless: readonly KeptRun[] = []
  // To read and check 200 runs takes too long to do it each time, and other tabs change them seldom.
  let known: { readonly text: string; readonly runs: readonly KeptRun[] } | null = null
  const read = () => {
    const text = shelfText(shelf)
    if (known?.text !== text) known = { text, runs: parsed(text) }
    const there = known.runs
    const ids = new Set(there.map((run) => run.runId))
    return [...homeless.filter((run) => !ids.has(run.runId)), ...there]
  }
  const change: SharedRuns['change'] = (next) => {
    const runs = next(read())
    const saved = saveRuns(shelf, runs)
    homeless = runs.slice(0, runs.length - saved)
    known = { text: shelfText(shelf), runs: runs.slice(homeless.length) }
    return runs
  }
  return { read, change }
}

/** Whether the run did all its steps; only such runs are compared. */
export function isComplete(run: KeptRun): boolean {
  return run.steps >= run.experiment.training.steps
}

function isKeptRun(value: unknown): value is KeptRun {
  if (!isRecord(value) || !isRecord(value.backend) || !Array.isArray(value.layers)) return false
  const numbers = ['steps', 'kept', 'prunable', 'parameters', 'seconds', 'msPerStep', 'at']
  return (
    typeof value.runId === 'string'
    && typeof (value.files ?? '') === 'string'
    && typeof value.source === 'string'
    && numbers.every((name) => Number.isFinite(value[name]))
    && value.layers.every((layer) => isRecord(layer) && typeof layer.name === 'string')
    && (value.measures === undefined
      || (isRecord(value.measures) && Object.values(value.measures).every(Number.isFinite)))
    && isEvaluation(value.end)
    && (value.pruned === null || isEvaluation(value.pruned))
    && isExperiment(value.experiment)
  )
}

function isEvaluation(value: unknown): value is Evaluation {
  return (
    isRecord(value)
    && [value.step, value.accuracy, value.loss, value.sparsity, value.robust ?? 0].every((n) => Number.isFinite(n))
  )
}

/** An experiment of plugins that still exist: `canonical` asks the registries and throws for any other. */
function isExperiment(value: unknown): value is Experiment {
  const parts = ['data', 'model', 'method'] as const
  if (!isRecord(value) || typeof value.seed !== 'number' || !isRecord(value.training)) return false
  if (!parts.every((part) => isRecord(value[part]) && isRecord((value[part] as { values?: unknown }).values)))
    return false
  try {
    canonical(value as unknown as Experiment)
    return true
  } catch {
    return false
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
