import { expect, test } from 'vitest'
import { count, percent } from './figures'

test('counts have separators, shares are per cent', () => {
  expect(count(12_345)).toBe('12,345')
  expect([percent(0.9995), percent(0.9995, 2), percent(1)]).toEqual(['100.0 %', '99.95 %', '100.0 %'])
  expect(percent(NaN)).toBe('n/a')
})
