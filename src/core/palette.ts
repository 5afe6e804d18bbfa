import type { WeightClass } from './trainer'

/** sRGB, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number]

/** Colours of a class: kept weights, and cut ones in a paler hue of it. */
export type ClassColours = Readonly<Record<'kept' | 'cut', Colour>>

/**
 * Colours of each weight class on the weight map, for light and dark pages; the map and its legend read the same table.
 * Blue against orange and grey (after Okabe & Ito, https://jfly.uni-koeln.de/color/) survives every common colour
 * blindness, and the six also differ in lightness, so that the map reads in grey: what is cut sinks into the page, kept
 * sentinels stand out most.
 */
export const classColours: Readonly<Record<'light' | 'dark', Readonly<Record<WeightClass, ClassColours>>>> = {
  light: {
    ordinary: { kept: [177, 180, 182], cut: [240, 236, 226] },
    temporary: { kept: [214, 122, 0], cut: [250, 215, 152] },
    sentinel: { kept: [0, 72, 130], cut: [150, 202, 242] },
  },
  dark: {
    ordinary: { kept: [104, 110, 116], cut: [30, 35, 41] },
    temporary: { kept: [235, 164, 32], cut: [116, 74, 10] },
    sentinel: { kept: [190, 230, 255], cut: [24, 74, 116] },
  },
}

/** Colour beside the tiles of the map, where no weight is. */
export const mapBackground: Readonly<Record<'light' | 'dark', Colour>> = { light: [251, 249, 244], dark: [20, 24, 29] }

/**
 * Colours of a map of two masks, by what a weight is in them: in neither, in the second alone, in the first alone, in
 * both. Okabe & Ito's again; what both keep is the quiet ground of the picture.
 */
export const pairColours: Readonly<Record<'light' | 'dark', readonly [Colour, Colour, Colour, Colour]>> = {
  light: [classColours.light.ordinary.cut, [0, 114, 178], [213, 94, 0], classColours.light.ordinary.kept],
  dark: [classColours.dark.ordinary.cut, [86, 180, 233], [230, 120, 40], classColours.dark.ordinary.kept],
}
