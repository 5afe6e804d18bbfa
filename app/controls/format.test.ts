import { expect, test } from 'vitest'
import { accuracyText, unbroken } from './format'

test('accuracy names what is left of it under attack, where that was measured', () => {
  expect(accuracyText({ accuracy: 0.7111 })).toBe('71.1 %')
  expect(accuracyText({ accuracy: 0.7111, robust: 0.1349 })).toBe('71.1 % (13.5 % under attack)')
  expect(accuracyText({ accuracy: 0.7111, f1: 0.8125 })).toBe('71.1 %, F1 81.3 %')
  expect(accuracyText(undefined)).toBe('n/a')
})

test('a line ends after a %, not before it', () => {
  expect(unbroken('Of 3,276 sentinels 10.7 %, of 419 others 78.3 %.')).toBe(
    'Of 3,276 sentinels 10.7\u00a0%, of 419 others 78.3\u00a0%.',
  )
})
