import { describe, expect, it } from 'vitest'
import { steadiest, stencil, triedShares } from './curvature'

/** A gradient of one weight along its direction: straight, bent by s^3 and s^5, and rounded to a grid. */
const gradient = (bent: number, grid: number) => (s: number) =>
  Math.round((s + bent * s ** 3 + bent ** 2 * s ** 5) / grid) * grid

describe('the stencil', () => {
  it('is exact where the gradient is a polynomial of fourth degree', () => {
    const g = (s: number) => 3 - 2 * s + 5 * s ** 2 + 7 * s ** 3 - s ** 4
    const found = stencil(0.25, 1).reduce((sum, { amount, share }) => sum + share * (g(amount) - g(-amount)), 0)
    expect(found).toBeCloseTo(-2, 12)
  })

  it('is a mean over batches', () => {
    const of = (batches: number) =>
      stencil(0.5, batches).reduce((sum, { amount, share }) => sum + share * 2 * amount, 0)
    expect([of(1), of(4)]).toEqual([expect.closeTo(1, 12), expect.closeTo(0.25, 12)])
  })
})

describe('the step', () => {
  const offsets = Array.from({ length: 200 }, (_, i) => ((i * 0.618) % 1) - 0.5)
  /** D of every tried step, of weights whose gradients are rounded at different places. */
  const differences = (bent: number, grid: number) =>
    triedShares.map((s) => {
      const g = gradient(bent, grid)
      return Float32Array.from(offsets, (o) => (g(s + o * grid) - g(-s + o * grid)) / (2 * s))
    })

  it('is short where the gradient bends, and long where rounding is what disturbs', () => {
    const [bends, straight] = [steadiest(differences(3e4, 1e-9)), steadiest(differences(1, 1e-5))]
    expect(triedShares[bends]).toBeLessThan(2e-3)
    expect(triedShares[straight]).toBe(triedShares[1])
  })

  it('is near the best of those tried', () => {
    for (const [bent, grid] of [
      [1e3, 1e-7],
      [1e4, 1e-8],
      [1e2, 1e-6],
    ] as const) {
      const tried = differences(bent, grid)
      const errors = tried
        .slice(1)
        .map((near, i) => Math.hypot(...Array.from(near, (value, k) => (4 * value - tried[i]![k]!) / 3 - 1)))
      expect(errors[steadiest(tried) - 1]! / Math.min(...errors), `${bent} and ${grid}`).toBeLessThan(8)
    }
  })

  it('ignores steps that led out of the numbers', () => {
    const tried = differences(1, 1e-5)
    tried[0]!.fill(NaN)
    expect(steadiest(tried)).toBeGreaterThan(1)
  })
})
