import { bit } from '../core/bits'
import { ofHalf } from '../core/halves'
import type { Recorded, Sample } from '../core/recorded'
import { sampledIndices } from '../core/sampledIndices'
import { weightClasses, type WeightClass } from '../core/trainer'
import type { Matrix } from '../core/weightMap'
import { maskAt, type Mask } from './maskAt'

/** A weight at a moment of a run; its numbers and its class are undefined where they were not recorded. */
export interface PastReading {
  readonly layer: string
  readonly row: number
  readonly column: number
  readonly step: number
  readonly cut: boolean
  readonly value: number | undefined
  readonly importance: number | undefined
  readonly peak: number | undefined
  /** Null where no gradient is remembered. */
  readonly noise: number | null | undefined
  readonly spread: number | null | undefined
  readonly gradient: number | null | undefined
  /** Null where the mask has not changed by it. */
  readonly score: number | null | undefined
  readonly class: WeightClass | undefined
}

/** A weight in frame `i` of a record, of which this is the mask. */
export function pastReading(record: Recorded, i: number, mask: Mask, index: number): PastReading | null {
  const { matrices, frames } = record
  const matrix = matrices.find(({ offset, size }) => index >= offset && index < offset + size)
  const frame = frames[i]
  if (!matrix || !frame) return null
  const place = index - matrix.offset
  const columns = matrix.shape.at(-1) ?? 1
  return {
    layer: matrix.name,
    row: Math.floor(place / columns),
    column: place % columns,
    step: frame.step,
    cut: !bit(mask, index),
    ...numbersOf(frame.sample, placeInSample(matrices, index)),
  }
}

/** The weight in every frame of a record. @throws as `maskAt` */
export async function pastReadings(record: Recorded, index: number): Promise<readonly PastReading[]> {
  const masks = await Promise.all(record.frames.map((_, i) => maskAt(record, i)))
  return masks.flatMap((mask, i) => pastReading(record, i, mask, index) ?? [])
}

const notRecorded = {
  value: undefined,
  importance: undefined,
  peak: undefined,
  noise: undefined,
  spread: undefined,
  gradient: undefined,
  score: undefined,
  class: undefined,
}

type Numbers = Pick<PastReading, keyof typeof notRecorded>

function numbersOf(sample: Sample | null, place: number | undefined): Numbers {
  if (!sample || place === undefined) return notRecorded
  const { value, importance, peak, noise, spread, gradient, score, code } = sample
  return {
    value: ofHalf(value[place] ?? 0),
    importance: ofHalf(importance[place] ?? 0),
    peak: ofHalf(peak[place] ?? 0),
    noise: orNull(noise[place]),
    spread: spread && orNull(spread[place]),
    gradient: gradient && orNull(gradient[place]),
    score: score && orNull(score[place]),
    class: weightClasses[(code[place] ?? 0) & 3],
  }
}

function orNull(half: number | undefined): number | null {
  const number = half === undefined ? NaN : ofHalf(half)
  return Number.isNaN(number) ? null : number
}

const places = new WeakMap<readonly Matrix[], ReadonlyMap<number, number>>()

/** The place of a weight in the samples of a run; undefined where it is not among them. */
function placeInSample(matrices: readonly Matrix[], index: number): number | undefined {
  const known = places.get(matrices) ?? new Map([...sampledIndices(matrices)].map((sampled, place) => [sampled, place]))
  places.set(matrices, known)
  return known.get(index)
}
