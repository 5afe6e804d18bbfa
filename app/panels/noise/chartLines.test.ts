import { expect, test } from 'vitest'
import { plainly, steadily } from '../../../src/core/weighing'
import { boundAlike, lineAt, placedIn, rightOf } from './chartLines'

const weight = (importance: number, spread: number | null, cut = false) => ({
  index: 0,
  importance,
  peak: 1,
  class: 'ordinary' as const,
  spread,
  cut,
})

test('the sensitivity of a weight by hand: importance 4 at a noise of 0.75 is 5', () => {
  const [placed, ...others] = placedIn([weight(4, 0.75), weight(0, 1), weight(4, null), weight(NaN, 0)])
  expect(placed?.sensitivity).toBeCloseTo(5, 12)
  expect(others).toEqual([])
})

test("SNIP's line is straight; SEVEN's bends by sqrt(1 + noise^2), and ends where the chart ends", () => {
  const straight = lineAt(0.01, plainly, [-4, 0], 2)
  expect([straight.length, new Set(straight.map(({ x }) => x)).size]).toEqual([49, 1])
  expect(straight[0]?.x).toBeCloseTo(-2, 12)
  const curve = lineAt(0.01, steadily, [-4, 0], 2)
  // At a noise of 0, 0.75 and 2: 0.01, 0.0125 and 0.01 sqrt(5).
  for (const [y, x] of [
    [0, 0.01],
    [0.75, 0.0125],
    [2, 0.01 * Math.sqrt(5)],
  ] as const)
    expect(curve.find((p) => p.y === y)?.x).toBeCloseTo(Math.log10(x), 12)
  expect(lineAt(0.01, steadily, [-4, Math.log10(0.0125) + 1e-9], 2).at(-1)?.y).toBe(0.75)
  // PLATON: noise of 0 would need an endless sensitivity.
  expect(lineAt(0.01, Math.sqrt, [-4, 0], 1)[0]?.y).toBeGreaterThan(0)
})

test('a temporary sentinel by hand: SNIP keeps it and SEVEN does not', () => {
  // Sensitivities 5, 4 and 1; importances 2.236, 4 and 1.
  const weights = placedIn([weight(5 / Math.sqrt(5), 2, true), weight(4, 0), weight(1, 0, true)])
  expect(boundAlike(weights, plainly)).toBeCloseTo(5, 12)
  expect(boundAlike(weights, steadily)).toBe(4)
  // Of SNIP's line the noisy one and the steady one lie on the wrong side, of SEVEN's curve none.
  expect([rightOf(weights, 5 - 1e-9, plainly), rightOf(weights, 4, steadily)]).toEqual([1, 3])
  expect(boundAlike(weights.slice(0, 1), plainly)).toBeNull()
})
