import { expect, test } from 'vitest'
import { broadcast, reduction, rowsOf, swapping } from './shapes'

test('neighbouring dimensions that repeat alike are one', () => {
  expect(broadcast([2, 3, 4], [2, 3, 4], [2, 3, 4])).toEqual({ lengths: [1, 1, 24], a: [24, 24, 1], b: [24, 24, 1] })
  expect(broadcast([2, 3, 4], [3, 4], [2, 3, 4])).toEqual({ lengths: [1, 2, 12], a: [24, 12, 1], b: [12, 0, 1] })
  expect(broadcast([2, 1, 4], [2, 3, 4], [2, 3, 4])).toEqual({ lengths: [2, 3, 4], a: [4, 0, 1], b: [12, 4, 1] })
  expect(broadcast([], [5, 2], [5, 2])).toEqual({ lengths: [1, 1, 10], a: [1, 1, 0], b: [10, 10, 1] })
})

test('dimensions that repeat in turns are more than three', () => {
  expect(broadcast([2, 1, 2, 1], [1, 2, 1, 2], [2, 2, 2, 2])).toBeNull()
})

test('a sum runs along one run of dimensions', () => {
  expect(reduction([2, 3, 4], [1])).toEqual([2, 3, 4])
  expect(reduction([2, 3, 4], [0, 1])).toEqual([1, 6, 4])
  expect(reduction([2, 3, 4], [1, 2])).toEqual([2, 12, 1])
  expect(reduction([2, 3, 4], [0, 1, 2])).toEqual([1, 24, 1])
  expect(reduction([2, 1, 4], [1])).toEqual([8, 1, 1])
  expect(reduction([2, 3, 4], [0, 2])).toBeNull()
})

test('a transposition swaps two neighbouring runs of dimensions', () => {
  expect(swapping([8, 4, 2, 4, 2, 3], [0, 1, 3, 2, 4, 5])).toEqual([32, 2, 4, 6])
  expect(swapping([3, 5], [1, 0])).toEqual([1, 3, 5, 1])
  expect(swapping([2, 3, 5], [0, 2, 1])).toEqual([2, 3, 5, 1])
  expect(swapping([2, 1, 5], [1, 0, 2])).toEqual([1, 1, 1, 10])
  expect(swapping([2, 3, 5], [2, 1, 0])).toBeNull()
})

test('a slice of one dimension is rows', () => {
  expect(rowsOf([2, 5, 4], [2, 1, 4], [0, 3, 0])).toEqual({ count: 2, stride: 20, width: 4, begin: 12 })
  expect(rowsOf([6], [2], [1])).toEqual({ count: 1, stride: 6, width: 2, begin: 1 })
  expect(rowsOf([2, 5], [1, 1], [0, 0])).toBeNull()
})
