import { describe, expect, it } from 'vitest'
import { exponentOf, middle, quantile, spread } from './statistics'

describe('statistics of repeated measurements', () => {
  it('takes the middle, between the two middle ones of an even count', () => {
    expect(middle([3, 1, 2])).toBe(2)
    expect(middle([4, 1, 2, 3])).toBe(2.5)
    expect(middle([])).toBeNaN()
  })

  it('measures spread between the quartiles', () => {
    // Sorted 1 2 3 4 5: the quartiles stand at positions 0.25 * 4 = 1 and 0.75 * 4 = 3.
    expect(spread([5, 1, 4, 2, 3])).toBe(2)
    // Sorted 0 10: a quarter of the way is 2.5, three quarters 7.5.
    expect(quantile([10, 0], 0.25)).toBe(2.5)
    expect(spread([10, 0])).toBe(5)
  })
})

describe('the exponent of a growing cost', () => {
  it('finds the exponent of a power exactly', () => {
    // 3 x^2 at 1, 2, 4.
    expect(
      exponentOf([
        { x: 1, ms: 3 },
        { x: 2, ms: 12 },
        { x: 4, ms: 48 },
      ]),
    ).toBeCloseTo(2, 12)
    expect(
      exponentOf([
        { x: 8, ms: 5 },
        { x: 16, ms: 5 },
      ]),
    ).toBe(0)
  })

  it('fits by least squares in logarithms', () => {
    // Logarithms to base 2: x 0, 1, 2; ms 0, 0, 3. Means 1 and 1; sum (x - 1)(y - 1) = 1 + 0 + 2 = 3 over sum (x - 1)^2
    // = 2.
    expect(
      exponentOf([
        { x: 1, ms: 1 },
        { x: 2, ms: 1 },
        { x: 4, ms: 8 },
      ]),
    ).toBeCloseTo(1.5, 12)
  })

  it('has none of a single point', () => {
    expect(exponentOf([{ x: 2, ms: 1 }])).toBeNaN()
    expect(
      exponentOf([
        { x: 2, ms: 1 },
        { x: 2, ms: 3 },
      ]),
    ).toBeNaN()
  })
})
