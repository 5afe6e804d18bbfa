import { expect, test } from 'vitest'
import { layerName } from './layerName'

test.each([
  [40, 'block0 attention query'],
  [16, 'block0 query'],
  [8, 'b0 query'],
  [7, ''],
])('in %i characters', (characters, shown) => {
  expect(layerName('block0/attention/query/weights', characters)).toBe(shown)
})

test.each([
  [40, 'block0 expert1 mlp in'],
  [19, 'block0 expert1 in'],
  [16, 'b0 e1 in'],
])('an expert in %i characters', (characters, shown) => {
  expect(layerName('block0/expert1/mlp/in/weights', characters)).toBe(shown)
})

test('a name of one part stays as it is', () => {
  expect(layerName('hidden/weights', 20)).toBe('hidden')
})

test('a name in two lines', () => {
  const named = (characters: number) => layerName('block1/attention/output/weights', characters, '\n')
  expect([16, 6, 5].map(named)).toEqual(['block1 attention\noutput', 'block1\noutput', ''])
})
