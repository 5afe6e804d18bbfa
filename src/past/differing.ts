import { ofHalf } from '../core/halves'
import type { Recorded } from '../core/recorded'
import { sampledIndices } from '../core/sampledIndices'
import { kindOf, type Pair } from './paintPair'

/** A place in the chart of importance (x) against peak (y), both log10. */
export interface LogPoint {
  readonly x: number
  readonly y: number
}

/** So many of each kind are drawn. */
const most = 300

/**
 * Weights of the sample that the first mask alone keeps, and those that the second alone does, by the numbers that a
 * run ended with; evenly spread, and without those that never mattered, which have no logarithm.
 */
export function differing(
  { matrices, frames }: Recorded,
  pair: Pair,
): readonly [readonly LogPoint[], readonly LogPoint[]] {
  const sample = frames.at(-1)?.sample
  if (!sample) return [[], []]
  const found: readonly [LogPoint[], LogPoint[]] = [[], []]
  sampledIndices(matrices).forEach((index, i) => {
    const kind = kindOf(pair, index)
    if (kind !== 1 && kind !== 2) return
    const [x, y] = [sample.importance[i] ?? 0, sample.peak[i] ?? 0].map((half) => Math.log10(ofHalf(half)))
    if (Number.isFinite(x) && Number.isFinite(y)) found[kind === 2 ? 0 : 1].push({ x: x ?? 0, y: y ?? 0 })
  })
  return [thin(found[0]), thin(found[1])]
}

function thin(points: readonly LogPoint[]): readonly LogPoint[] {
  const n = Math.min(most, points.length)
  return Array.from({ length: n }, (_, k) => points[Math.floor((k * points.length) / n)] as LogPoint)
}
