import { expect, test } from 'vitest'
import { curveLooks } from './looks'

const written = (places: readonly number[]) => curveLooks(places).map(({ colour, marker, dash }) => `${colour} ${marker} ${dash}`)

test('a method looks the same whoever else is in the chart, unless its colour is taken', () => {
  expect(written([3])[0]).toBe(written([1, 3])[1])
  // 3 and 10 are 7 apart, and there are 7 colours.
  expect(written([3, 10])[0]).toBe(written([3])[0])
  expect(curveLooks([3, 10])[1]!.colour).not.toBe(curveLooks([3])[0]!.colour)
})

test('seven curves have seven colours and 28 curves 28 looks, wherever their methods stand', () => {
  expect(new Set(curveLooks([0, 7, 14, 21, 28, 35, 42]).map((look) => look.colour)).size).toBe(7)
  expect(new Set(written(Array.from({ length: 28 }, (_, i) => i % 3))).size).toBe(28)
})
