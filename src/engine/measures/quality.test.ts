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

it('F1 is of the positive class, by hand', () => {
  // Answers 1, 1, 0, 0, 1 for the labels 1, 0, 1, 0, 1: 2 found of 3 answered and 3 there, F1 = 4 / 6; 3 of 5 right.
  const logits = Float32Array.of(0, 1, 0, 1, 1, 0, 1, 0, 0, 1)
  expect(score(logits, [1, 0, 1, 0, 1], 2, 1)).toMatchObject({ accuracy: 0.6, f1: 4 / 6 })
  // Of class 0: 1 found of 2 answered and 2 there.
  expect(score(logits, [1, 0, 1, 0, 1], 2, 0).f1).toBe(0.5)
  expect(score(logits, [0, 0, 1, 1, 0], 2, 1).f1).toBe(0)
  expect(score(logits, [1, 0, 1, 0, 1], 2)).not.toHaveProperty('f1')
})
