import { classLooks } from '../../charts/looks'
import type { Marker } from '../../charts/marks'
import { weightClasses, type NoisePoint, type WeightClass } from '../../../src/core/trainer'

/** What both charts of sampled weights are given. */
export interface ChartProps {
  readonly points: readonly NoisePoint[]
  /** What a reading says of a weight besides its place in the chart. */
  readonly nameOf: (point: NoisePoint) => string
  /** Weights that the map points at. */
  readonly marked: readonly NoisePoint[]
  readonly onRead: (pick: string | null) => void
  readonly onPick: (pick: string) => void
  /** The text where there is nothing to draw. */
  readonly empty: string
}

/** How a weight that the map points at is marked. */
export const markedLook = {
  key: 'pointed',
  label: 'under the pointer, or followed, on the map',
  colour: 'var(--alarm)',
  marker: 'cross',
  radius: 8,
} as const

interface Look {
  readonly key: string
  readonly label: string
  readonly colour: string
  readonly marker: Marker
  readonly hollow: boolean
}

/** Every class, kept and cut: cut ones are drawn first, so that they hide nothing. */
export const groups = [true, false].flatMap((cut) => weightClasses.map((name) => ({ name, cut, ...lookOf(name, cut) })))

function lookOf(name: WeightClass, cut: boolean): Look {
  const { name: text, colour, marker } = classLooks[name]
  return {
    key: `${name} ${cut ? 'cut' : 'kept'}`,
    label: `${text}, ${cut ? 'cut' : 'kept'}`,
    colour,
    marker,
    hollow: cut,
  }
}
