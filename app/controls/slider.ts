import { inRange, type NumberKnob } from '../../src/core/knob'

/** A slider has this many positions, 0 at the smallest value. */
export const positions = 1000

/** Where the slider stands for a value. */
export function positionOf(knob: NumberKnob, value: number): number {
  const { min, max } = knob
  if (max <= min) return 0
  const share = knob.scale === 'log' ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min)
  return Math.round(Math.min(1, Math.max(0, share)) * positions)
}

/** The value of a position: on a log scale in two significant digits, on a linear one a multiple of the knob's step. */
export function valueAt(knob: NumberKnob, position: number): number {
  const { min, max } = knob
  const share = Math.min(1, Math.max(0, position / positions))
  if (share === 0) return min
  if (share === 1) return max
  if (knob.scale === 'linear') return onGrid(knob, min + share * (max - min))
  const exact = Number((min * (max / min) ** share).toPrecision(2))
  return inRange(knob, knob.integer ? Math.round(exact) : exact)
}

/** One press of an arrow key (`by` = 1 or -1) or of a page key (10 or -10). A log scale moves by 2 % of its length. */
export function nudge(knob: NumberKnob, value: number, by: number): number {
  if (knob.scale === 'linear') return onGrid(knob, value + by * knob.step)
  const next = valueAt(knob, positionOf(knob, value) + by * (positions / 50))
  return next === value ? inRange(knob, value + Math.sign(by) * (knob.integer ? 1 : value / 10)) : next
}

function onGrid(knob: NumberKnob, value: number): number {
  const steps = Math.round((value - knob.min) / knob.step)
  // Twelve digits take away what binary fractions add: 0.30000000000000004.
  return inRange(knob, Number((knob.min + steps * knob.step).toPrecision(12)))
}

/** A value as its field shows it, exact and short. */
export function written(value: number): string {
  return String(Number(value.toPrecision(12)))
}
