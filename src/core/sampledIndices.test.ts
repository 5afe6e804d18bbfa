import { expect, it } from 'vitest'
import { sampledIndices } from './sampledIndices'

const matrix = (offset: number, size: number) => ({ name: 'm', shape: [size], offset, size })

it('takes small matrices whole, and of large ones 4,000 weights, in rising order', () => {
  const indices = [...sampledIndices([matrix(0, 3), matrix(64, 10_000)])]
  expect(indices.slice(0, 3)).toEqual([0, 1, 2])
  expect(indices).toHaveLength(4003)
  expect(indices.every((index, i) => i === 0 || index > (indices[i - 1] ?? 0))).toBe(true)
  expect(Math.max(...indices)).toBeLessThan(10_064)
})

it('never changes: stored records have their numbers in this order', () => {
  const sum = sampledIndices([matrix(0, 10_000)]).reduce((hash, index) => (Math.imul(hash, 31) + index) | 0, 7)
  expect(sum).toBe(1367602640)
})
