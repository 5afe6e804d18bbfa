import { expect, test } from 'vitest'
import { accuracyText } from './format'

test('accuracy names what is left of it under attack, where that was measured', () => {
  expect(accuracyText({ accuracy: 0.7111 })).toBe('71.1 %')
  expect(accuracyText({ accuracy: 0.7111, robust: 0.1349 })).toBe('71.1 % (13.5 % under attack)')
  expect(accuracyText(undefined)).toBe('n/a')
})
