import { describe, expect, it } from 'vitest'
import { knockoffOf, principalAxes, type PrincipalAxes } from './knockoffs'
import { RandomStream } from '../core/random'

it('moves (2, 2) along the only component of (0, 0) and (2, 2)', () => {
  // Mean (1, 1); along (1, 1) / sqrt 2 the rows lie at -sqrt 2 and sqrt 2: variance 2.
  const axes = principalAxes(
    [
      [0, 0],
      [2, 2],
    ],
    2,
    8,
  )
  expect([axes.variances.length, axes.share, [...axes.mean]]).toEqual([1, 1, [1, 1]])
  expect(axes.variances[0]).toBeCloseTo(2, 12)
  // s = 1/2 and a draw of 0: -s * sqrt 2 along the axis, so -1/2 in each place.
  expect([...knockoffOf([2, 2], axes, 0.5, () => 0)].map((value) => Number(value.toFixed(12)))).toEqual([1.5, 1.5])
  // A draw of 1 adds sqrt((2 * 1/2 - 1/4) * 2) = sqrt 1.5 along it: sqrt 0.75 = 0.8660254 in each place, up or down as
  // the axis points.
  const moved = knockoffOf([2, 2], axes, 0.5, () => 1)
  expect(Math.abs(moved[0]! - 1.5)).toBeCloseTo(Math.sqrt(0.75), 12)
  expect(moved[1]).toBeCloseTo(moved[0]!, 12)
})

it('rows that are all alike have no component, and are their own knockoffs', () => {
  const axes = principalAxes(
    [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    2,
    8,
  )
  expect([axes.variances.length, axes.share]).toEqual([0, 0])
  expect([...knockoffOf([5, 6], axes, 1, () => 9)]).toEqual([5, 6])
})

/** 60 rows of 5 numbers that hang together. */
function data(): number[][] {
  const random = new RandomStream(3, 1)
  return Array.from({ length: 60 }, () => {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()]
    return [2 * a, a + b, b - c, 0.5 * c + random.normal() + 7, a - 3 * c + 0.2 * random.normal()]
  })
}

/** Means of (x_i - m_i)(y_j - m_j). */
function covariance(x: readonly ArrayLike<number>[], y: readonly ArrayLike<number>[], mean: Float64Array): number[][] {
  return Array.from(mean, (mi, i) =>
    Array.from(mean, (mj, j) => x.reduce((sum, row, k) => sum + (row[i]! - mi) * (y[k]![j]! - mj), 0) / x.length),
  )
}

/** s times what the components hold of Sigma. */
function distanceMatrix({ axes, variances, mean }: PrincipalAxes, s: number): number[][] {
  const size = mean.length
  return Array.from(mean, (_, i) =>
    Array.from(mean, (_, j) =>
      variances.reduce((sum, v, k) => sum + s * v * axes[k * size + i]! * axes[k * size + j]!, 0),
    ),
  )
}

describe.each([
  [1, 5],
  [1, 2],
  [0.3, 5],
  [0.3, 2],
])('distance %f in %i components', (s, count) => {
  it('gives knockoffs the mean and covariance Sigma of the data, and covariance Sigma - D with it', () => {
    const rows = data()
    const axes = principalAxes(rows, 5, count)
    expect(axes.variances.length).toBe(count)
    const sigma = covariance(rows, rows, axes.mean)
    const random = new RandomStream(7, 2)
    // 400 knockoffs of each row: 24,000 draws, whose covariances stray by about 1 / sqrt 24,000 = 0.6 % of the
    // variances.
    const x = Array.from({ length: 400 }, () => rows).flat()
    const made = x.map((row) => knockoffOf(row, axes, s, () => random.normal()))
    const [own, cross, d] = [covariance(made, made, axes.mean), covariance(x, made, axes.mean), distanceMatrix(axes, s)]
    for (let i = 0; i < 5; i++) {
      expect(Math.abs(made.reduce((sum, row) => sum + row[i]!, 0) / made.length - axes.mean[i]!)).toBeLessThan(
        0.03 * Math.sqrt(sigma[i]![i]!),
      )
      for (let j = 0; j < 5; j++) {
        const scale = Math.sqrt(sigma[i]![i]! * sigma[j]![j]!)
        expect(Math.abs(own[i]![j]! - sigma[i]![j]!), `X~ ${i} ${j}`).toBeLessThan(0.03 * scale)
        expect(Math.abs(cross[i]![j]! - (sigma[i]![j]! - d[i]![j]!)), `X X~ ${i} ${j}`).toBeLessThan(0.03 * scale)
      }
    }
  })
})

it('leaves what lies outside the components as it is, to rounding', () => {
  const rows = data()
  const axes = principalAxes(rows, 5, 2)
  const random = new RandomStream(1, 1)
  const outside = (row: ArrayLike<number>) => {
    const left = Float64Array.from(axes.mean, (m, j) => row[j]! - m)
    axes.variances.forEach((_, k) => {
      const along = left.reduce((sum, value, j) => sum + value * axes.axes[5 * k + j]!, 0)
      left.forEach((value, j) => {
        left[j] = value - along * axes.axes[5 * k + j]!
      })
    })
    return left
  }
  for (const row of rows)
    outside(knockoffOf(row, axes, 1, () => random.normal())).forEach((value, j) =>
      expect(value).toBeCloseTo(outside(row)[j]!, 10),
    )
})
