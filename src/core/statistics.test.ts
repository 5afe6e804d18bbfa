import { expect, it } from 'vitest'
import { summarise } from './statistics'

it('has nothing to say of nothing, and no spread of one value', () => {
  expect(summarise([])).toBeNull()
  expect(summarise([0.25])).toEqual({ n: 1, mean: 0.25, deviation: null })
})

it('divides squares by n - 1', () => {
  // Mean (2 + 4 + 9) / 3 = 5; squares 9 + 1 + 16 = 26; 26 / 2 = 13.
  expect(summarise([2, 4, 9])).toEqual({ n: 3, mean: 5, deviation: Math.sqrt(13) })
  expect(summarise([0.5, 0.5])).toEqual({ n: 2, mean: 0.5, deviation: 0 })
})

it('keeps the digits of values that nearly agree', () => {
  // 1e8 + {1, 2, 3}: deviation 1. The textbook form (sum of squares minus n times the mean squared) gives 0 or NaN
  // here.
  expect(summarise([1e8 + 1, 1e8 + 2, 1e8 + 3])).toEqual({ n: 3, mean: 1e8 + 2, deviation: 1 })
})
