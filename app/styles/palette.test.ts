import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { classColours } from '../../src/core/palette'
import { weightClasses } from '../../src/core/trainer'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

test.each(weightClasses)('the legend shows %s in the colour of the map', (name) => {
  const rgb = (theme: 'light' | 'dark') => `rgb(${classColours[theme][name].join(' ')})`
  expect(css).toContain(`--map-${name}: light-dark(${rgb('light')}, ${rgb('dark')});`)
})

test.each(['light', 'dark'] as const)('classes differ in lightness on the %s page, so that the map reads without colour', (theme) => {
  const order = weightClasses.map((name) => luminance(classColours[theme][name]))
  const sorted = [...order].sort((a, b) => a - b)
  const gaps = sorted.slice(1).map((value, i) => (value + 0.05) / ((sorted[i] ?? 0) + 0.05))
  // Ordinary and temporary are blue against orange; every other neighbour differs by a quarter or more in contrast.
  expect(gaps.filter((gap) => gap >= 1.25).length).toBeGreaterThanOrEqual(2)
  expect(Math.min(...gaps)).toBeGreaterThan(1.05)
})

/** Relative luminance of WCAG 2. */
function luminance(colour: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
