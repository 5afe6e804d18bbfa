import type { WeightClass } from '../../src/core/trainer'
import { dashes, markers, type Dash, type Marker } from './marks'

/** How a weight class looks in charts and legends: the map's colour has a twin here that also shows on the page's ground. */
export const classLooks: Readonly<Record<WeightClass, { readonly name: string; readonly colour: string; readonly marker: Marker; readonly hollow: boolean }>> = {
  sentinel: { name: 'Sentinel', colour: 'var(--sentinel)', marker: 'diamond', hollow: false },
  temporary: { name: 'Temporary sentinel', colour: 'var(--temporary)', marker: 'triangle', hollow: false },
  ordinary: { name: 'Ordinary', colour: 'var(--ordinary)', marker: 'circle', hollow: true },
  pruned: { name: 'Pruned', colour: 'var(--pruned-mark)', marker: 'cross', hollow: true },
}

/** How a curve looks; no two of the first 28 share more than colour and marker. */
export interface Look {
  readonly colour: string
  readonly marker: Marker
  readonly dash: Dash
}

/** Only shapes that have an inside, for hollow and filled points. */
const curveMarkers = markers.filter((marker) => marker !== 'cross')
const dashNames = Object.keys(dashes) as Dash[]

/** The look of the method at `place` of the registry; `variant` counts its curves in one chart. */
export function curveLook(place: number, variant: number): Look {
  const at = Math.max(0, place) + variant * 3
  return {
    colour: `var(--curve-${at % curveMarkers.length})`,
    marker: curveMarkers[at % curveMarkers.length] ?? 'circle',
    dash: dashNames[at % dashNames.length] ?? 'solid',
  }
}
