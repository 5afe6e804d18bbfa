import { runId } from '../../../src/config/identity'
import type { Experiment } from '../../../src/core/experiment'
import type { RunResult, StepMetrics } from '../../../src/core/trainer'
import { emptyCurve, extendCurve, type Curve } from '../curve'
import { keep } from '../runs'
import { isRecord } from '../../../src/core/isRecord'
import { entryOf, isRun, readEntry, type Entry } from './entry'

type Json = Readonly<Record<string, unknown>>

/**
 * The run of a result, as the page downloads it or as the command line writes it (`result.json`); null where the JSON
 * is something else, or a run that was not measured at its end.
 * @param at milliseconds since 1970
 */
export function runIn(json: unknown, at: number): Entry | null {
  if (!isRecord(json) || !Array.isArray(json.evaluations)) return null
  try {
    const result = { ...json, ...numbersOfCommand(json), runId: runId(json.experiment as Experiment) }
    const run = keep(result as unknown as RunResult, at, filesOf(json), curveOf(json))
    const entry = run && entryOf(run)
    return entry && isRun(readEntry(entry)) ? entry : null
  } catch {
    // Whatever else has evaluations: its experiment is all that can be used.
    return null
  }
}

/** The command line writes these under other names. */
function numbersOfCommand({ stepsDone, timings }: Json): Json {
  return isRecord(timings) ? { steps: stepsDone, seconds: timings.trainSeconds, msPerStep: timings.msPerStep } : {}
}

/** The hash of the user's own files, as the command line names their folder. */
function filesOf({ files }: Json): string {
  return isRecord(files) && typeof files.sha256 === 'string' ? files.sha256.slice(0, 16) : ''
}

/** From the columns of the command line's steps; the page's download has none. */
function curveOf({ steps }: Json): Curve {
  if (!isRecord(steps)) return emptyCurve
  const { step, loss, sparsity } = steps as Readonly<Record<string, readonly number[] | undefined>>
  const metrics = (step ?? []).map((number, i): StepMetrics => ({
    step: number,
    loss: loss?.[i] ?? NaN,
    sparsity: sparsity?.[i] ?? 0,
    gradientNorm: 0,
    rate: 0,
  }))
  return extendCurve(emptyCurve, metrics)
}
