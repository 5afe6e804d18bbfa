import type { WeightClass } from '../../src/core/trainer'
import { dashes, markers, type Dash, type Marker } from './marks'

/** How a weight class looks in charts and legends: the map's colour has a twin here that also shows on the page's ground. */
export const classLooks: Readonly<Record<WeightClass, { readonly name: string; readonly colour: string; readonly marker: Marker; readonly hollow: boolean }>> = {
  sentinel: { name: 'Sentinel', colour: 'var(--sentinel)', marker: 'diamond', hollow: false },
  temporary: { name: 'Temporary sentinel', colour: 'var(--temporary)', marker: 'triangle', hollow: false },
  ordinary: { name: 'Ordinary', colour: 'var(--ordinary)', marker: 'circle', hollow: true },
  pruned: { name: 'Pruned', colour: 'var(--pruned-mark)', marker: 'cross', hollow: true },
}

/** How a curve looks. */
export interface Look {
  readonly colour: string
  readonly marker: Marker
  readonly dash: Dash
}

/** Only shapes that have an inside, for hollow and filled points. */
const curveMarkers = markers.filter((marker) => marker !== 'cross')
const dashNames = Object.keys(dashes) as Dash[]
const variety = curveMarkers.length * dashNames.length

/**
 * Looks for the curves of one chart, by the places of their methods in the registry. A method has its own look wherever it
 * is free; a colour comes twice only when all of them are taken, and no two of 28 curves look the same.
 */
export function curveLooks(places: readonly number[]): readonly Look[] {
  const taken = new Set<number>()
  return places.map((place) => {
    const wanted = Math.max(0, place)
    const colours = new Set([...taken].map((at) => at % curveMarkers.length))
    const steps = Array.from({ length: variety }, (_, i) => (wanted + i) % variety)
    const at = steps.find((step) => !colours.has(step % curveMarkers.length)) ?? steps.find((step) => !taken.has(step)) ?? wanted % variety
    taken.add(at)
    return lookAt(at)
  })
}

function lookAt(at: number): Look {
  return {
    colour: `var(--curve-${at % curveMarkers.length})`,
    marker: curveMarkers[at % curveMarkers.length] ?? 'circle',
    dash: dashNames[at % dashNames.length] ?? 'solid',
  }
}
