/**
 * Why random networks hold good ones: a weight is approximated by the sum of some of n random candidates, and the best
 * choice is off by about 2^-n (Lueker 1998; Pensia et al., arXiv:2006.07990; Orseau et al., arXiv:2006.12156). The
 * choice is a mask: pruning.
 */
import { uniform } from '../core/random'

/** The most candidates that are searched: 2^20 subsets. */
export const mostCandidates = 20

/** A choice among candidates: bit i of `kept` keeps candidate i. */
export interface Choice {
  readonly kept: number
  readonly sum: number
}

/** `count` numbers uniform in [-1, 1), the same for the same seed and draw, and the first ones of any longer list. */
export function candidates(seed: number, draw: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => 2 * uniform(seed, draw, i) - 1)
}

/**
 * The subset whose sum comes closest to the target, exactly, the empty one (sum 0) included: each half's sums are
 * sorted, then walked from both ends, 2^(n/2) steps in the place of 2^n (Horowitz & Sahni 1974).
 * @param numbers at most `mostCandidates`
 */
export function bestSubset(target: number, numbers: readonly number[]): Choice {
  const half = numbers.length >> 1
  const low = sumsOf(numbers.slice(0, half))
  const high = sumsOf(numbers.slice(half))
  let best: Choice = { kept: 0, sum: 0 }
  for (let i = 0, j = high.sums.length - 1; i < low.sums.length && j >= 0;) {
    const sum = (low.sums[i] as number) + (high.sums[j] as number)
    if (Math.abs(sum - target) < Math.abs(best.sum - target))
      best = { kept: (low.kept[i] as number) | ((high.kept[j] as number) << half), sum }
    if (sum < target) i++
    else j--
  }
  return best
}

interface Sums {
  readonly sums: Float64Array
  readonly kept: Int32Array
}

/** All subsets by rising sum: those without a number and those with it are merged, one number after the other. */
function sumsOf(numbers: readonly number[]): Sums {
  return numbers.reduce(merged, { sums: new Float64Array(1), kept: new Int32Array(1) })
}

function merged(before: Sums, number: number, bit: number): Sums {
  const length = before.sums.length
  const [sums, kept] = [new Float64Array(2 * length), new Int32Array(2 * length)]
  for (let i = 0, j = 0, at = 0; at < 2 * length; at++) {
    const [without, added] = [before.sums[i] as number, (before.sums[j] as number) + number]
    const adds = i === length || (j < length && added < without)
    sums[at] = adds ? added : without
    kept[at] = adds ? (before.kept[j++] as number) | (1 << bit) : (before.kept[i++] as number)
  }
  return { sums, kept }
}

/** |target - best sum| over targets uniform in [-1, 1), each with candidates of its own. */
export interface ErrorPoint {
  /** Candidates a target. */
  readonly n: number
  readonly median: number
  /** Nine of ten targets are nearer. */
  readonly ninth: number
}

/** The errors for n = 1 to `most` candidates. @param targets how many; deterministic in the seed */
export function errorCurve(seed: number, targets: number, most: number): readonly ErrorPoint[] {
  return Array.from({ length: most }, (_, i) => errorsAt(seed, targets, i + 1))
}

function errorsAt(seed: number, targets: number, n: number): ErrorPoint {
  const errors = Float64Array.from({ length: targets }, (_, draw) => {
    const [target = 0, ...numbers] = candidates(seed, draw + 1, n + 1)
    return Math.abs(bestSubset(target, numbers).sum - target)
  }).sort()
  const at = (share: number) => errors[Math.min(targets - 1, Math.floor(share * targets))] as number
  return { n, median: at(0.5), ninth: at(0.9) }
}

/**
 * The median error to expect around target 0: 2^n sums, each of variance n / 6 (a candidate counts half the time, with
 * variance 1/3), lie there with density 2^n / sqrt(2 pi n / 6), and the nearest of points at random with density d is
 * ln 2 / (2 d) away or nearer in half of all cases.
 */
export function expectedError(n: number): number {
  return ((Math.LN2 / 2) * Math.sqrt((Math.PI * n) / 3)) / 2 ** n
}
