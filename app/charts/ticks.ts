import { percent } from '../controls/format'
import type { Axis } from './series'

/** Round steps from `low` to at least `high`, at most `most` of them: 1, 2 or 5 times a power of ten apart. */
export function roundTicks(low: number, high: number, most = 5): number[] {
  const span = high - low
  if (!(span > 0) || !Number.isFinite(span)) return [low, low + 1]
  const power = 10 ** Math.floor(Math.log10(span / most))
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => span / n <= most) ?? 10 * power
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Domain and ticks of an axis that shows all of `values`, and `low` too where one is given. */
export function roundAxis(values: readonly number[], low?: number): Pick<Axis, 'domain' | 'ticks'> {
  const finite = values.filter(Number.isFinite)
  return between(roundTicks(low ?? Math.min(...finite), Math.max(...finite)))
}

function between(ticks: readonly number[]): Pick<Axis, 'domain' | 'ticks'> {
  return { domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], ticks }
}

/**
 * Whole runs of an axis of steps: round ones, and the last one in the place of a round one that would stand too near.
 */
export function stepAxis(steps: number): Pick<Axis, 'domain' | 'ticks'> {
  return {
    domain: [0, steps],
    ticks: [...roundTicks(0, steps).filter((step) => Number.isInteger(step) && step < steps * 0.85), steps],
  }
}

/**
 * An axis in per cent that shows all of `values`. Ticks have no more decimals than their steps need; what is read off
 * has one more than that, and at least one.
 * @param least shares that the axis spans at least, so that a difference of nothing does not look like one
 * @param within the largest domain
 */
export function shareAxis(
  values: readonly number[],
  least = 0.05,
  within: readonly [number, number] = [0, 1],
): Omit<Axis, 'label'> {
  const finite = values.filter(Number.isFinite)
  const [low, high] = finite.length === 0 ? within : [Math.min(...finite), Math.max(...finite)]
  const middle = Math.max(within[0], Math.min(within[1] - least, (low + high - least) / 2))
  const ticks = roundTicks(100 * Math.min(low, middle), 100 * Math.max(high, middle + least))
  const decimals = Math.max(0, ...ticks.map((tick) => String(tick).split('.')[1]?.length ?? 0))
  return { ...between(ticks.map((tick) => tick / 100)), format: format(decimals), exact: format(decimals + 1) }
}

/** One function for each number of decimals, so that an axis that looks the same is the same. */
const formats = [0, 1, 2, 3, 4].map((decimals) => (share: number) => percent(share, decimals).replace('-', '−'))

function format(decimals: number): (share: number) => string {
  return formats[Math.min(decimals, formats.length - 1)] ?? percent
}
