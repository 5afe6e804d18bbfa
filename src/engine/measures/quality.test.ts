import { expect, it } from 'vitest'
import { majorityShare, score } from './quality'

it('is the share of the most frequent label', () => {
  // 3 of 5 are 7.
  expect(majorityShare(Uint8Array.of(7, 0, 7, 1, 7))).toBe(0.6)
  expect(majorityShare(Uint8Array.of(2, 3))).toBe(0.5)
  expect(majorityShare(new Uint8Array(0))).toBe(0)
})

it('quality: accuracy and loss by hand, padding rows left out', () => {
  // Rows (2, 0) and (0, 0) with labels 0 and 1: the first is right, the tie goes to class 0 and is wrong.
  // Losses ln(1 + e^-2) = 0.126928 and ln 2 = 0.693147; mean 0.410038.
  const { accuracy, loss } = score(Float32Array.of(2, 0, 0, 0, 9, 9), [0, 1], 2)
  expect(accuracy).toBe(0.5)
  expect(loss).toBeCloseTo(0.410038, 6)
})
