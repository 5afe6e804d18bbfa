import { expect, it } from 'vitest'
import { eigenOf } from './eigen'
import { RandomStream } from '../core/random'

it('finds 3 and 1 of [[2, 1], [1, 2]], along (1, 1) and (1, -1)', () => {
  const { values, vectors } = eigenOf(Float64Array.of(2, 1, 1, 2), 2)
  expect([...values].map((value) => Number(value.toFixed(12)))).toEqual([3, 1])
  expect(Math.abs(vectors[0]! + vectors[1]!)).toBeCloseTo(Math.SQRT2, 12)
  expect(vectors[2]! + vectors[3]!).toBeCloseTo(0, 12)
})

it('takes a matrix of 23 apart so that V^T diag(values) V is it again, rows of V orthonormal, values falling', () => {
  const size = 23
  const random = new RandomStream(1, 1)
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal()
  const { values, vectors } = eigenOf(matrix, size)
  const sum = (f: (k: number) => number) => Array.from({ length: size }, (_, k) => f(k)).reduce((a, b) => a + b, 0)
  for (let i = 0; i < size; i++) {
    if (i > 0) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!)
    for (let j = 0; j < size; j++) {
      expect(sum((k) => values[k]! * vectors[k * size + i]! * vectors[k * size + j]!)).toBeCloseTo(
        matrix[i * size + j]!,
        10,
      )
      expect(sum((k) => vectors[i * size + k]! * vectors[j * size + k]!)).toBeCloseTo(i === j ? 1 : 0, 10)
    }
  }
})
