import { expect, test } from 'vitest'
import { numberAt, numberLooks, scaleLength } from './mapModes'
import { scaleColours } from './mapScales'
import { classColours, mapBackground, type Colour } from './palette'

const scales = (['light', 'dark'] as const).flatMap((theme) =>
  (['diverging', 'sequential'] as const).map((kind) => ({ theme, kind })),
)

/** Distance in steps of 255, weighted as the eye does, about (https://www.compuphase.com/cmetric.htm). */
function distance(a: Colour, b: Colour): number {
  const red = (a[0] + b[0]) / 2
  const [r, g, blue] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
  return Math.sqrt((2 + red / 256) * r * r + 4 * g * g + (2 + (255 - red) / 256) * blue * blue)
}

test.each(scales)('no colour of the $kind scale on the $theme page looks like a ground of the map', (scale) => {
  const colours = scaleColours(scale.kind, scale.theme)
  expect(colours).toHaveLength(scaleLength)
  const { cut, kept } = classColours[scale.theme].ordinary
  for (const ground of [cut, kept, mapBackground[scale.theme]])
    expect(Math.min(...colours.map((colour) => distance(colour, ground)))).toBeGreaterThan(45)
})

test.each(scales)('on the $theme page the $kind scale leads away from the ground of cut weights', ({ kind, theme }) => {
  const colours = scaleColours(kind, theme)
  const far = (i: number) => distance(colours.at(i) as Colour, classColours[theme].ordinary.cut)
  const half = scaleLength / 2
  if (kind === 'sequential') expect(far(-1)).toBeGreaterThan(3 * far(0))
  else {
    expect(far(0)).toBeGreaterThan(2 * far(half - 1))
    expect(far(-1)).toBeGreaterThan(2 * far(half))
    // Red below 0, blue above it, on both sides of the middle.
    for (const i of [0, half - 1]) expect(colours[i]?.[0]).toBeGreaterThan(colours[i]?.[2] ?? 255)
    for (const i of [half, scaleLength - 1]) expect(colours[i]?.[2]).toBeGreaterThan(colours[i]?.[0] ?? 255)
  }
})

test('by hand: the number in the middle of the colours', () => {
  expect(numberAt(0.5, { low: -2, high: 2 }, numberLooks.value)).toBe(0)
  expect(numberAt(0.5, { low: 0, high: 2 }, numberLooks.noise)).toBe(1)
  // A quarter of the range has half of the root.
  expect(numberAt(0.5, { low: 0, high: 2 }, numberLooks.importance)).toBe(0.5)
  expect(numberAt(0.5, { low: -2, high: 1 }, numberLooks.score)).toBe(-0.5)
})
