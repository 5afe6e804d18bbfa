/** A pixel of the map. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** What is read of a weight: by the engine as it is now, or of a run that is looked back at. */
export interface ReadWeight {
  readonly layer: string
  readonly row: number
  readonly column: number
  readonly step: number
}

/** Readings of one weight in the order of their steps. */
export interface Followed<R extends ReadWeight> {
  /** Where it lies on the map. */
  readonly at: Place
  /** One at least. */
  readonly readings: readonly R[]
}

/** So many readings are kept; where there are more, every second one goes. */
export const mostReadings = 400

/**
 * A weight's readings with one more. Those of the same step and of later ones go: the run was reset, or went on from
 * where it was saved. The same object where nothing has changed, so that nothing is drawn again.
 */
export function followed<R extends ReadWeight>(before: Followed<R> | null, at: Place, reading: R): Followed<R> {
  const readings = before && isSamePlace(before.at, at) ? before.readings : []
  const last = readings.at(-1)
  if (before && last && isSame(reading, last)) return before
  const all = [...readings.filter(({ step }) => step < reading.step), reading]
  return { at, readings: all.length > mostReadings ? all.filter((_, i) => i % 2 === 0 || i === all.length - 1) : all }
}

/** Whether both are the same pixel, or nowhere. */
export function isSamePlace(a: Place | null, b: Place | null): boolean {
  return a?.x === b?.x && a?.y === b?.y
}

function isSame<R extends ReadWeight>(a: R, b: R): boolean {
  return (Object.keys(a) as (keyof R)[]).every((name) => a[name] === b[name])
}
