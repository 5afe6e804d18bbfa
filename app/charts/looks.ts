import type { WeightClass } from '../../src/core/trainer'
import type { Marker } from './marks'

/**
 * How a weight class looks in charts and legends: the map's colour has a twin here that also shows on the page's
 * ground. Kept weights are filled markers, cut ones hollow.
 */
export const classLooks: Readonly<
  Record<WeightClass, { readonly name: string; readonly colour: string; readonly marker: Marker }>
> = {
  sentinel: { name: 'Sentinel', colour: 'var(--sentinel)', marker: 'diamond' },
  temporary: { name: 'Temporary sentinel', colour: 'var(--temporary)', marker: 'triangle' },
  ordinary: { name: 'Ordinary', colour: 'var(--ordinary)', marker: 'circle' },
}
