import type { StepMetrics } from '../../src/core/trainer'

/** Mean loss over a bucket of steps; `step` is its last one, `smooth` and `sparsity` are the values there. */
export interface CurvePoint {
  readonly step: number
  readonly loss: number
  readonly smooth: number
  readonly sparsity: number
  readonly count: number
}

/** A training curve of any length in at most `most` points; a point covers `stride` steps. */
export interface Curve {
  readonly stride: number
  readonly points: readonly CurvePoint[]
  /** Exponential sum of losses and of its weights; their quotient is the smoothed loss. */
  readonly sum: number
  readonly weight: number
}

/** Points a series may have before neighbours are merged. */
export const most = 400

/** Factor on the past at each step in the smoothed loss: about the last 20 steps count. */
const memory = 0.95

/** A curve without a step. */
export const emptyCurve: Curve = { stride: 1, points: [], sum: 0, weight: 0 }

/** The curve with more steps at its end. A step that is not after the last one starts a new curve. */
export function extendCurve(curve: Curve, steps: readonly StepMetrics[]): Curve {
  let { stride, sum, weight } = curve
  let points = [...curve.points]
  for (const step of steps) {
    const last = points.at(-1)
    if (last && step.step <= last.step) [points, stride, sum, weight] = [[], 1, 0, 0]
    if (!Number.isFinite(step.loss)) continue
    sum = memory * sum + (1 - memory) * step.loss
    weight = memory * weight + (1 - memory)
    add(points, stride, { step: step.step, loss: step.loss, smooth: sum / weight, sparsity: step.sparsity, count: 1 })
    if (points.length > most) points = rebucket(points, (stride *= 2))
  }
  return { stride, points, sum, weight }
}

function rebucket(points: readonly CurvePoint[], stride: number): CurvePoint[] {
  const merged: CurvePoint[] = []
  for (const point of points) add(merged, stride, point)
  return merged
}

/** Steps 1..stride are bucket 0, and so on; a point of the same bucket as the last one is merged into it. */
function add(points: CurvePoint[], stride: number, next: CurvePoint): void {
  const last = points.at(-1)
  const bucket = (point: CurvePoint) => Math.floor((point.step - 1) / stride)
  if (!last || bucket(last) !== bucket(next)) {
    points.push(next)
    return
  }
  const count = last.count + next.count
  points[points.length - 1] = { ...next, loss: (last.loss * last.count + next.loss * next.count) / count, count }
}

/** The curve in at most `limit` points, for keeping. */
export function shortened(curve: Curve, limit: number): Curve {
  let { stride, points } = curve
  while (points.length > limit) points = rebucket(points, (stride *= 2))
  return { ...curve, stride, points }
}

/** At most `limit` entries, evenly spread, first and last kept. */
export function thin<T>(entries: readonly T[], limit = most): readonly T[] {
  if (entries.length <= limit) return entries
  const stride = (entries.length - 1) / (limit - 1)
  return Array.from({ length: limit }, (_, i) => entries[Math.round(i * stride)] as T)
}
