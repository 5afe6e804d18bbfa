import { defaultExperiment } from '../../src/config/defaults'
import { canonical } from '../../src/config/identity'
import { measuresOf } from '../../src/config/measures'
import type { RunAnswers } from '../../src/core/answers'
import type { Source } from '../../src/core/dataset'
import type { Experiment } from '../../src/core/experiment'
import type { BackendReport, Evaluation, LayerSparsity, RunResult } from '../../src/core/trainer'
import { emptyCurve, type Curve } from './curve'
import { historyOf, type History } from './history'
import { keptId } from './ownFiles'

/** Colours that a reader may give to runs, a shape each, so that they can be told without the colour. */
export const runColours = { blue: '●', orange: '■', green: '▲', pink: '◆', yellow: '★' } as const
export type RunColour = keyof typeof runColours

/** What a reader wrote on a run. */
export interface Marks {
  /** It never makes room for other runs. */
  readonly pinned?: boolean | undefined
  readonly name?: string | undefined
  readonly colour?: RunColour | undefined
}

/** A finished run as the browser keeps it. */
export interface KeptRun extends Marks {
  /** The result's run id, then `files`. */
  readonly runId: string
  /** Files of the user that it read (`ownFiles`); absent where it read none, and in runs of old versions. */
  readonly files?: string
  readonly experiment: Experiment
  readonly backend: BackendReport
  /** One sentence: where the examples came from. */
  readonly source: string
  /** Commit and SHA-256 of a public data set as it was read; absent where they are not known, and in old versions. */
  readonly read?: Pick<Source, 'revision' | 'sha256'>
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
  /** Its curves; absent in runs of old versions, which also gave the curves of older runs up for room. */
  readonly history?: History
  /** What it answered for each held-out example; absent in runs of old versions. May be broken (`isAnswers`). */
  readonly answers?: RunAnswers
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
    ...readOf(result.source),
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
    ...(result.answers ? { answers: result.answers } : {}),
  }
}

function readOf({ revision, sha256 }: Source): Pick<KeptRun, 'read'> {
  const read = { ...(revision === undefined ? {} : { revision }), ...(sha256 === undefined ? {} : { sha256 }) }
  return Object.keys(read).length > 0 ? { read } : {}
}

/**
 * A sentence where examples are others than kept runs of the same data had: a data set that changed, or was damaged.
 * Null where they are not, or nobody knows.
 */
export function otherBytes(runs: readonly KeptRun[], { data }: Experiment, { sha256 }: Source): string | null {
  if (sha256 === undefined) return null
  const settings = (of: Experiment['data']) => canonical({ ...defaultExperiment, data: of })
  const brothers = runs.filter(
    (run) => run.read?.sha256 !== undefined && settings(run.experiment.data) === settings(data),
  )
  const others = brothers.filter((run) => run.read?.sha256 !== sha256)
  const other = others.at(-1)?.read?.sha256
  if (other === undefined) return null
  const whose = others.length === 1 ? 'a kept run' : `${others.length} kept runs`
  return (
    `These examples are not those of ${whose} with the same settings of the data `
    + `(SHA-256 ${sha256.slice(0, 12)}, there ${other.slice(0, 12)}): the data set has changed or is damaged. `
    + 'Numbers of these runs do not compare.'
  )
}

/** Whether the run did all its steps; only such runs are compared. */
export function isComplete(run: KeptRun): boolean {
  return run.steps >= run.experiment.training.steps
}
