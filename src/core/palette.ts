import type { WeightClass } from './trainer'

/** sRGB, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number]

/**
 * Colour of each weight class on the weight map, for light and dark pages; the map and its legend read the same table.
 * Blue against orange (after Okabe & Ito, https://jfly.uni-koeln.de/color/) survives every common colour blindness, and the
 * four also differ in lightness, so that the map reads in grey: pruned weights sink into the page, sentinels stand out most.
 */
export const classColours: Readonly<Record<'light' | 'dark', Readonly<Record<WeightClass, Colour>>>> = {
  light: { pruned: [236, 231, 219], ordinary: [151, 178, 196], temporary: [224, 148, 0], sentinel: [0, 72, 130] },
  dark: { pruned: [30, 35, 41], ordinary: [74, 104, 124], temporary: [235, 164, 32], sentinel: [190, 230, 255] },
}

/** Colour beside the tiles of the map, where no weight is. */
export const mapBackground: Readonly<Record<'light' | 'dark', Colour>> = { light: [251, 249, 244], dark: [20, 24, 29] }
