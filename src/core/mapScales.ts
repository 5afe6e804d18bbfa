import { interpolateRdBu, interpolateYlGnBu } from 'd3-scale-chromatic'
import { scaleLength, type NumberLook } from './mapModes'
import type { Colour } from './palette'

/** Part of a scale of ColorBrewer, from one place in it to another, both 0 to 1. */
interface Part {
  readonly from: number
  readonly to: number
}

/**
 * Which parts are used. Both scales can be told apart with every common colour blindness. Their palest colours are left
 * out on paper and their darkest on slate: those would look like the ground on which cut weights lie. So 0 has a pale
 * red and a pale blue side, and stronger colour means farther from 0 in both themes.
 */
const parts = {
  light: { negative: { from: 0.06, to: 0.38 }, positive: { from: 0.62, to: 0.94 }, sequential: { from: 0.22, to: 1 } },
  dark: {
    negative: { from: 0.38, to: 0.05 },
    positive: { from: 0.95, to: 0.62 },
    sequential: { from: 0.86, to: 0.06 },
  },
} as const

const made = new Map<string, readonly Colour[]>()

/** The colours by which the weight map shows a number, [scaleLength]; those of a diverging scale turn at the middle. */
export function scaleColours(kind: NumberLook['colours'], theme: 'light' | 'dark'): readonly Colour[] {
  const key = `${kind} ${theme}`
  const scale = made.get(key) ?? makeScale(kind, theme)
  made.set(key, scale)
  return scale
}

function makeScale(kind: NumberLook['colours'], theme: 'light' | 'dark'): readonly Colour[] {
  const { negative, positive, sequential } = parts[theme]
  const half = scaleLength / 2
  return kind === 'sequential'
    ? sampled(interpolateYlGnBu, sequential, scaleLength)
    : [...sampled(interpolateRdBu, negative, half), ...sampled(interpolateRdBu, positive, half)]
}

function sampled(scale: (share: number) => string, { from, to }: Part, count: number): Colour[] {
  return Array.from({ length: count }, (_, i) => read(scale(from + ((to - from) * i) / (count - 1))))
}

/** A colour as d3 writes it: `rgb(8, 29, 88)`. */
function read(text: string): Colour {
  const [red = 0, green = 0, blue = 0] = (text.match(/\d+/g) ?? []).map(Number)
  return [red, green, blue]
}
