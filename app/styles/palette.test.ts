import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { classColours } from '../../src/core/palette'
import { weightClasses } from '../../src/core/trainer'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

const kinds = weightClasses.flatMap((name) => (['kept', 'cut'] as const).map((fate) => ({ name, fate })))

test.each(kinds)('the legend shows $name, $fate, in the colour of the map', ({ name, fate }) => {
  const rgb = (theme: 'light' | 'dark') => `rgb(${classColours[theme][name][fate].join(' ')})`
  expect(css).toContain(`--map-${name}-${fate}: light-dark(${rgb('light')}, ${rgb('dark')});`)
})

test.each(kinds)('the mark on $name, $fate, stands out from its swatch by 3 : 1', ({ name, fate }) => {
  const [, light = '', dark = ''] =
    new RegExp(`--on-${name}-${fate}: light-dark\\((#\\w{6}), (#\\w{6})\\);`).exec(css) ?? []
  expect(contrast(hex(light), classColours.light[name][fate])).toBeGreaterThan(3)
  expect(contrast(hex(dark), classColours.dark[name][fate])).toBeGreaterThan(3)
})

test.each(['light', 'dark'] as const)(
  'classes differ in lightness on the %s page, so that the map reads without colour',
  (theme) => {
    const sorted = kinds.map(({ name, fate }) => luminance(classColours[theme][name][fate])).sort((a, b) => a - b)
    const gaps = sorted.slice(1).map((value, i) => (value + 0.05) / ((sorted[i] ?? 0) + 0.05))
    expect(gaps).toHaveLength(5)
    expect(Math.min(...gaps)).toBeGreaterThan(1.15)
  },
)

test.each(['light', 'dark'] as const)('kept weights stand out from cut ones of their class on the %s page', (theme) => {
  for (const name of weightClasses)
    expect(contrast(classColours[theme][name].kept, classColours[theme][name].cut)).toBeGreaterThan(1.7)
})

function contrast(a: readonly number[], b: readonly number[]): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

function hex(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}

/** Relative luminance of WCAG 2. */
function luminance(colour: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = colour.map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
