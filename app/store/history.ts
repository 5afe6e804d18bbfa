import type { WatchedCut } from '../../src/core/instability'
import type { Evaluation, RunResult } from '../../src/core/trainer'
import { emptyCurve, shortened, thin, type Curve } from './curve'
import { isRecord } from '../../src/core/isRecord'

/** The course of a kept run: enough to draw its curves again, in about 4 KB. */
export interface History {
  /** Step, mean loss of the steps up to it, smoothed loss, sparsity. */
  readonly curve: readonly (readonly [number, number, number, number])[]
  readonly evaluations: readonly Evaluation[]
  readonly cuts: readonly WatchedCut[]
}

/** Points of a series that are kept. */
const most = 60

/** The course of a run that has ended; numbers in five significant digits. */
export function historyOf({ evaluations, cuts = [] }: Pick<RunResult, 'evaluations' | 'cuts'>, curve: Curve): History {
  return rounded({
    curve: shortened(curve, most).points.map((p) => [p.step, p.loss, p.smooth, p.sparsity] as const),
    evaluations: thin(evaluations, most),
    cuts: thin(cuts, most),
  })
}

/** The curve as charts read it. */
export function curveOf({ curve }: History): Curve {
  return {
    ...emptyCurve,
    points: curve.map(([step, loss, smooth, sparsity]) => ({ step, loss, smooth, sparsity, count: 1 })),
  }
}

/** Whether a value that was read from storage is a history. */
export function isHistory(value: unknown): value is History {
  if (
    !isRecord(value)
    || !Array.isArray(value.curve)
    || !Array.isArray(value.evaluations)
    || !Array.isArray(value.cuts)
  )
    return false
  return (
    value.curve.every((point) => Array.isArray(point) && point.length === 4 && point.every(Number.isFinite))
    && value.evaluations.every((e) => isEvaluation(e) && typeof e.moment === 'string')
    && value.cuts.every(
      (cut) =>
        isRecord(cut)
        && [cut.step, cut.sparsity].every(Number.isFinite)
        && isQuality(cut.before)
        && isQuality(cut.after),
    )
  )
}

/** Whether a value that was read from storage has the numbers of an evaluation, each in its range. */
export function isEvaluation(value: unknown): value is Omit<Evaluation, 'moment'> & { readonly moment: unknown } {
  return (
    isRecord(value)
    && [value.step, value.loss].every(Number.isFinite)
    && [value.accuracy, value.sparsity, value.robust ?? 0, value.f1 ?? 0].every(isShare)
  )
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}

function isQuality(value: unknown): boolean {
  return isRecord(value) && [value.accuracy, value.loss].every(Number.isFinite)
}

/** With seventeen digits, numbers would be most of what is kept. */
function rounded<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, entry: unknown) => (typeof entry === 'number' ? Number(entry.toPrecision(5)) : entry)),
  ) as T
}
