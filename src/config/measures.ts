/** What runs measure in addition to accuracy, as columns of comparisons: one line each. */
import { instabilityOf, normalisedInstabilityOf } from '../core/instability'
import { cutShare } from '../core/sentinels'
import { summarise, type Summary } from '../core/statistics'
import { weightClasses, type ClassCounts, type RunResult, type WeightClass } from '../core/trainer'
import type { Row } from './comparison'

/** A number of a finished run; `key` names it on the shelf and in CSV. */
export interface Measure {
  readonly key: string
  readonly title: string
  /** A share (mostly of the held-out examples), bytes, or a number of weights; the last is in CSV only. */
  readonly unit: 'share' | 'bytes' | 'weights'
  /** Undefined where the run did not measure it. */
  of(result: RunResult): number | undefined
}

const classNames: Readonly<Record<WeightClass, string>> = {
  sentinel: 'Sentinels',
  temporary: 'Temporary sentinels',
  ordinary: 'Ordinary weights',
}

export const measures: readonly Measure[] = [
  { key: 'sentinels_cut', title: 'Sentinels cut', unit: 'share', of: (r) => cutOf(r, 'sentinel') },
  { key: 'temporary_cut', title: 'Temporary ones cut', unit: 'share', of: (r) => cutOf(r, 'temporary') },
  { key: 'f1', title: 'F1', unit: 'share', of: (r) => r.evaluations.findLast((e) => e.moment === 'end')?.f1 },
  {
    key: 'robust',
    title: 'Under attack',
    unit: 'share',
    of: (r) => r.evaluations.findLast((e) => e.moment === 'end')?.robust,
  },
  { key: 'drop', title: 'Lost at a cut', unit: 'share', of: (r) => instabilityOf(r.cuts ?? []) ?? undefined },
  {
    key: 'relative_drop',
    title: 'Lost of what was there',
    unit: 'share',
    of: (r) => normalisedInstabilityOf(r.cuts ?? []) ?? undefined,
  },
  { key: 'explored', title: 'Ever kept', unit: 'share', of: (r) => r.explored },
  { key: 'int8', title: 'In int8', unit: 'share', of: (r) => r.quantized?.accuracy },
  { key: 'deflated_bytes', title: 'Deflated', unit: 'bytes', of: (r) => r.sizes?.f32.deflated.all },
  { key: 'int8_deflated_bytes', title: 'Deflated, int8', unit: 'bytes', of: (r) => r.sizes?.int8.deflated.all },
  ...weightClasses.flatMap((name) =>
    (['kept', 'cut'] as const).map((fate): Measure => ({
      key: `${fate}_${name}`,
      title: `${classNames[name]} ${fate}`,
      unit: 'weights',
      of: (r) => r.classes?.[name][fate],
    })),
  ),
]

function cutOf({ classes }: RunResult, name: WeightClass): number | undefined {
  return classes && (cutShare(classes[name]) ?? undefined)
}

/** The measures that a result has, by key. @param result may be of a version that measured less */
export function measuresOf(result: RunResult): Readonly<Record<string, number>> {
  return Object.fromEntries(
    measures.flatMap((measure) => {
      const value = measure.of(result)
      return value === undefined ? [] : [[measure.key, value]]
    }),
  )
}

/** How many weights of each class a run kept and cut, from its measures; null where it did not count them. */
export function classesOf(measured: Readonly<Record<string, number>> = {}): ClassCounts | null {
  const read = (fate: 'kept' | 'cut', name: WeightClass) => measured[`${fate}_${name}`] ?? NaN
  const counts = Object.fromEntries(
    weightClasses.map((name) => [name, { kept: read('kept', name), cut: read('cut', name) }]),
  ) as ClassCounts
  return Object.values(counts).every(({ kept, cut }) => kept >= 0 && cut >= 0) ? counts : null
}

/** A measure over the seeds of a row; null where no run has it. */
export function measureOf(row: Row, { key }: Measure): Summary | null {
  return summarise(row.outcomes.flatMap((outcome) => outcome.measures?.[key] ?? []))
}

/** The measures that at least one row has, for tables. */
export function measured(rows: readonly Row[]): readonly Measure[] {
  return measures.filter(
    (measure) => measure.unit !== 'weights' && rows.some((row) => measureOf(row, measure) !== null),
  )
}
