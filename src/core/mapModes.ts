import type { Colour } from './palette'

/**
 * What the weight map can show: the class of every weight, or one number of it. `score` is that by which the method
 * ranked the weight when the mask last changed; `age` counts the steps since the weight was cut or came back.
 */
export const mapModes = ['class', 'value', 'gradient', 'sensitivity', 'noise', 'importance', 'score', 'age'] as const
export type MapMode = (typeof mapModes)[number]
export type NumberMode = Exclude<MapMode, 'class'>

/** Colours of a scale (mapScales.ts), from the low end of a range to its high one. */
export const scaleLength = 256

/** Numbers at the two ends of the colours; low < high. */
export interface MapRange {
  readonly low: number
  readonly high: number
}

/**
 * How a number becomes a colour. The range comes from the kept weights of all layers together, so that one colour means
 * one number everywhere, and from their percentiles, so that a few very large ones do not leave the others pale.
 */
export interface NumberLook {
  readonly colours: 'diverging' | 'sequential'
  /**
   * `symmetric`: as far below 0 as above it, the 1st or the 99th percentile, whichever lies farther out; `upwards`:
   * from 0 to the 99th percentile; `signed`: the same, but from the 1st one where that lies below 0.
   */
  readonly span: 'symmetric' | 'upwards' | 'signed'
  /**
   * Colours go by the square root of the share of the range, where that begins at 0. Products of two numbers crowd near
   * 0: on a linear scale nearly all would be pale.
   */
  readonly root: boolean
  /** Whether cut weights have the number, too. */
  readonly cutToo?: boolean
}

export const numberLooks: Readonly<Record<NumberMode, NumberLook>> = {
  value: { colours: 'diverging', span: 'symmetric', root: false },
  gradient: { colours: 'diverging', span: 'symmetric', root: false },
  sensitivity: { colours: 'sequential', span: 'upwards', root: true },
  noise: { colours: 'sequential', span: 'upwards', root: false },
  importance: { colours: 'sequential', span: 'upwards', root: true },
  score: { colours: 'sequential', span: 'signed', root: true },
  age: { colours: 'sequential', span: 'upwards', root: false, cutToo: true },
}

/** The colours of a number on the map, for its legend; the page itself knows none, so that it need not load them. */
export interface MapScale {
  readonly mode: NumberMode
  /** Some of the colours, evenly apart, from the low end to the high one. */
  readonly colours: readonly Colour[]
  /** Null where no kept weight has such a number. */
  readonly range: MapRange | null
}

/** The number whose colour lies at a share of the colours, 0 to 1. */
export function numberAt(share: number, { low, high }: MapRange, { root }: NumberLook): number {
  return low + (high - low) * (root && low === 0 ? share ** 2 : share)
}
