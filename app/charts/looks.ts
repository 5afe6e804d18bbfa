import type { WeightClass } from '../../src/core/trainer'
import type { Marker } from './marks'

/** How a weight class looks in charts and legends: the map's colour has a twin here that also shows on the page's ground. */
export const classLooks: Readonly<Record<WeightClass, { readonly name: string; readonly colour: string; readonly marker: Marker; readonly hollow: boolean }>> = {
  sentinel: { name: 'Sentinel', colour: 'var(--sentinel)', marker: 'diamond', hollow: false },
  temporary: { name: 'Temporary sentinel', colour: 'var(--temporary)', marker: 'triangle', hollow: false },
  ordinary: { name: 'Ordinary', colour: 'var(--ordinary)', marker: 'circle', hollow: true },
  pruned: { name: 'Pruned', colour: 'var(--pruned-mark)', marker: 'cross', hollow: true },
}
