import type { WeightReading } from '../../src/core/trainer'

/** Readings of one weight in the order of their steps. */
export interface Followed {
  /** Where it lies on the map; another object is another following. */
  readonly at: { readonly x: number; readonly y: number }
  readonly readings: readonly WeightReading[]
}

/** So many readings are kept; where there are more, every second one goes. */
export const mostReadings = 400

/**
 * A weight's readings with one more: it takes the place of one of the same step, and one of an earlier step begins
 * anew, for the run has. The same object where nothing has changed, so that nothing is drawn again.
 */
export function followed(before: Followed | null, at: Followed['at'], reading: WeightReading): Followed {
  const readings = before?.at === at ? before.readings : []
  const last = readings.at(-1)
  if (!last || reading.step < last.step) return { at, readings: [reading] }
  if (before && isSame(reading, last)) return before
  const earlier = reading.step === last.step ? readings.slice(0, -1) : readings
  const all = [...earlier, reading]
  return { at, readings: all.length > mostReadings ? all.filter((_, i) => i % 2 === 0 || i === all.length - 1) : all }
}

function isSame(a: WeightReading, b: WeightReading): boolean {
  return (Object.keys(a) as (keyof WeightReading)[]).every((name) => a[name] === b[name])
}
