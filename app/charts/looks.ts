import type { WeightClass } from '../../src/core/trainer'
import type { Marker } from './marks'

/**
 * How a weight class looks in charts and legends: each colour of the map has a version here that can also be seen on
 * the page's background. Kept weights are filled markers, cut ones hollow.
 */
export const classLooks: Readonly<
  Record<WeightClass, { readonly name: string; readonly colour: string; readonly marker: Marker }>
> = {
  sentinel: { name: 'Sentinel', colour: 'var(--sentinel)', marker: 'diamond' },
  temporary: { name: 'Temporary sentinel', colour: 'var(--temporary)', marker: 'triangle' },
  ordinary: { name: 'Ordinary', colour: 'var(--ordinary)', marker: 'circle' },
}
