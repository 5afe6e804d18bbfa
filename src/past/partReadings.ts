import { nextTask } from '../core/nextTask'
import { ofHalf } from '../core/halves'
import type { Recorded, Sample } from '../core/recorded'
import { sampledIndices } from '../core/sampledIndices'
import { maskAt } from './maskAt'
import { countIn, placesIn, type Part } from './parts'

/** Means of sizes over the kept weights of a part whose numbers were recorded. */
const means = ['value', 'gradient', 'noise', 'importance', 'score'] as const

/** A part at a moment of a run; null where no kept weight has the number, left out where none was recorded. */
export interface PartReading extends Readonly<Partial<Record<(typeof means)[number], number | null>>> {
  readonly step: number
  /** Share of its weights that are kept. */
  readonly kept: number
}

/** A part in every frame of a record; lets the page answer between two frames. @throws as `maskAt` */
export async function partReadings(record: Recorded, part: Part): Promise<readonly PartReading[]> {
  const places = placesIn(part, sampledIndices(record.matrices))
  const readings: PartReading[] = []
  for (const [i, { step, sample }] of record.frames.entries()) {
    const { size, kept } = countIn(part, await maskAt(record, i))
    readings.push({ step, kept: kept / size, ...(sample && places.length > 0 ? meansOf(sample, places) : {}) })
    await nextTask()
  }
  return readings
}

function meansOf(sample: Sample, places: readonly number[]): Omit<PartReading, 'step' | 'kept'> {
  const kept = places.filter((place) => (sample.code[place] ?? 0) < 4)
  const found = means.flatMap((name) => {
    const halves = sample[name]
    return halves ? [[name, meanOf(kept.map((place) => Math.abs(ofHalf(halves[place] ?? 0x7fc0))))] as const] : []
  })
  return Object.fromEntries(found)
}

/** The mean of those that are numbers. */
function meanOf(values: readonly number[]): number | null {
  const known = values.filter(Number.isFinite)
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null
}
