import { expect, it } from 'vitest'
import { noiseOf } from './noiseOf'

it('noise: coefficient of variation from the first two moments', () => {
  // |g| of 1 and 3: mean 2, mean square 5, variance 1, coefficient 0.5.
  expect(noiseOf({ noiseMean: 2, noiseSquare: 5 })).toBe(0.5)
  expect(noiseOf({ noiseMean: 0, noiseSquare: 0 })).toBeNull()
})
