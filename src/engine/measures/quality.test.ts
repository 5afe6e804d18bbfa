import { expect, it } from 'vitest'
import { majorityShare } from './quality'

it('is the share of the most frequent label', () => {
  // 3 of 5 are 7.
  expect(majorityShare(Uint8Array.of(7, 0, 7, 1, 7))).toBe(0.6)
  expect(majorityShare(Uint8Array.of(2, 3))).toBe(0.5)
  expect(majorityShare(new Uint8Array(0))).toBe(0)
})
