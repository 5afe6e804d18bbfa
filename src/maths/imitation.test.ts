import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectForward, unitProducts } from './imitation'

const all = (open: readonly number[]) => open

describe('greedy forward selection', () => {
  // Three units that add unlike things: Q = diag(4, 1, 1), D = 3; the whole layer's squares are 6.
  const q = Float64Array.of(4, 0, 0, 0, 1, 0, 0, 0, 1)

  it('adds the unit with which least is lost', () => {
    // Unit 0 alone has c = (-2, 1, 1): 16 + 1 + 1 = 18. Unit 1 alone (1, -2, 1): 4 + 4 + 1 = 9, as unit 2; the first is
    // taken. 9 / 6 = 1.5.
    expect(selectForward(q, 3, { count: 1, tolerance: 0, candidates: all })).toEqual({
      shares: Float64Array.of(0, 1, 0),
      lost: 1.5,
    })
    // Then half each: with unit 0, c = (1, -2, 1) / 2 + (-2, 1, 1) / 2 = (-0.5, -0.5, 1): 1 + 0.25 + 1 = 2.25; with
    // unit 2 (1, -0.5, -0.5): 4.5.
    expect(selectForward(q, 3, { count: 2, tolerance: 0, candidates: all })).toEqual({
      shares: Float64Array.of(0.5, 0.5, 0),
      lost: 0.375,
    })
    // Then two thirds of that and a third of unit 2: all shares are a third, and nothing is lost.
    const { shares, lost } = selectForward(q, 3, { count: 3, tolerance: 0, candidates: all })
    for (const share of shares) expect(share).toBeCloseTo(1 / 3, 12)
    expect(lost).toBeCloseTo(0, 12)
  })

  it('stops where little enough is lost', () => {
    expect(selectForward(q, 3, { count: 3, tolerance: 0.4, candidates: all }).shares).toEqual(
      Float64Array.of(0.5, 0.5, 0),
    )
  })

  it('takes one unit for two that say the same, twice as strong', () => {
    // Both add the same: Q is all ones, and c^T Q c = (2 - 2)^2 = 0 after one.
    expect(selectForward(Float64Array.of(1, 1, 1, 1), 2, { count: 1, tolerance: 0, candidates: all })).toEqual({
      shares: Float64Array.of(1, 0),
      lost: 0,
    })
  })

  it('sums what units add over the rows by which they leave', () => {
    // W = (1, 2, -1), one output; G = [[2, 1, 0], [1, 3, 1], [0, 1, 1]]. Single rows: Q_ij = G_ij w_i w_j.
    const gram = Float64Array.of(2, 1, 0, 1, 3, 1, 0, 1, 1)
    const weights = Float32Array.of(1, 2, -1)
    expect([...unitProducts(gram, weights, 3, 3)].map((x) => x + 0)).toEqual([2, 2, 0, 2, 12, -2, 0, -2, 1])
    // One unit of all three rows: their sum.
    expect([...unitProducts(gram, weights, 3, 1)]).toEqual([15])
  })

  const small = fc.integer({ min: -3, max: 3 })
  const layers = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
    .chain(([units, run, outputs]) =>
      fc.record({
        units: fc.constant(units),
        outputs: fc.constant(outputs),
        count: fc.integer({ min: 1, max: units }),
        h: fc.array(fc.array(small, { minLength: units * run, maxLength: units * run }), {
          minLength: 1,
          maxLength: 6,
        }),
        w: fc.array(small, { minLength: units * run * outputs, maxLength: units * run * outputs }),
      }),
    )

  it('reports the squares that are really lost, with shares that sum to 1 and as many units as asked for', () => {
    fc.assert(
      fc.property(layers, ({ units, outputs, count, h, w }) => {
        const inputs = w.length / outputs
        const gram = Float64Array.from({ length: inputs * inputs }, (_, k) =>
          h.reduce((s, row) => s + row[Math.floor(k / inputs)]! * row[k % inputs]!, 0),
        )
        const { shares, lost } = selectForward(unitProducts(gram, Float32Array.from(w), inputs, units), units, {
          count,
          tolerance: -1,
          candidates: all,
        })
        const squares = (factor: (unit: number) => number) =>
          h.reduce((total, row) => {
            for (let k = 0; k < outputs; k++) {
              total +=
                row.reduce((s, x, i) => s + factor(Math.floor((i * units) / inputs)) * x * w[i * outputs + k]!, 0) ** 2
            }
            return total
          }, 0)
        const whole = squares(() => 1)
        expect(shares.filter((a) => a > 0)).toHaveLength(count)
        expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9)
        if (whole > 0) expect(lost).toBeCloseTo(squares((unit) => 1 - units * shares[unit]!) / whole, 6)
      }),
    )
  })
})
