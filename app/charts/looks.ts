import type { WeightClass } from '../../src/core/trainer'
import { dashes, markers, type Dash, type Marker } from './marks'

/** How a weight class looks in charts and legends: the map's colour has a twin here that also shows on the page's ground. */
export const classLooks: Readonly<Record<WeightClass, { readonly name: string; readonly colour: string; readonly marker: Marker; readonly hollow: boolean }>> = {
  sentinel: { name: 'Sentinel', colour: 'var(--sentinel)', marker: 'diamond', hollow: false },
  temporary: { name: 'Temporary sentinel', colour: 'var(--temporary)', marker: 'triangle', hollow: false },
  ordinary: { name: 'Ordinary', colour: 'var(--ordinary)', marker: 'circle', hollow: true },
  pruned: { name: 'Pruned', colour: 'var(--pruned-mark)', marker: 'cross', hollow: true },
}

/** How a curve looks: colour, marker and dash all follow its place, with periods of 7, 8 and 4, so that pairs are unique. */
export interface Look {
  readonly colour: string
  readonly marker: Marker
  readonly dash: Dash
}

const curveColours = 7
const dashNames = Object.keys(dashes) as Dash[]

/** The look of the method at `place` of the registry; `variant` counts its curves in one chart. */
export function curveLook(place: number, variant: number): Look {
  const at = Math.max(0, place) + variant * 3
  return {
    colour: `var(--curve-${at % curveColours})`,
    marker: markers[at % markers.length] ?? 'circle',
    dash: dashNames[(Math.max(0, place) + variant) % dashNames.length] ?? 'solid',
  }
}
