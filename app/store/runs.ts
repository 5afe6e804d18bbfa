import { measuresOf } from '../../src/config/measures'
import type { Experiment } from '../../src/core/experiment'
import type { BackendReport, Evaluation, LayerSparsity, RunResult } from '../../src/core/trainer'
import { emptyCurve, type Curve } from './curve'
import { historyOf, type History } from './history'
import { keptId } from './ownFiles'

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
  /** The reader's mark: it never makes room for other runs. */
  readonly pinned?: boolean
  /** Its curves; absent in runs of old versions, which also gave the curves of older runs up for room. */
  readonly history?: History
}

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

/** Whether the run did all its steps; only such runs are compared. */
export function isComplete(run: KeptRun): boolean {
  return run.steps >= run.experiment.training.steps
}
