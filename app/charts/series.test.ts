import { expect, test } from 'vitest'
import { beside, readables, type Point, type Series } from './series'

/** A draw: objects of its own, as the panels make them. */
function draw(points: readonly Point[], other: readonly Point[] = []) {
  const series = (key: string, of: readonly Point[]): Series => ({
    key,
    label: key,
    colour: 'red',
    points: of.map((point) => ({ ...point })),
  })
  return readables([series('a', points), series('b', other)])
}

const three = [
  { x: 1, y: 5 },
  { x: 2, y: 5 },
  { x: 3, y: 5 },
]

test('arrow keys go on from a point of an earlier draw, and stay at the ends', () => {
  const second = draw(three)[1]!
  const longer = draw([...three, { x: 4, y: 5 }])
  expect([beside(longer, second, 1)?.point.x, beside(longer, second, -1)?.point.x]).toEqual([3, 1])
  expect([beside(longer, longer[3]!, 1)?.point.x, beside(longer, longer[0]!, -1)?.point.x]).toEqual([4, 1])
  expect([beside(longer, null, 1)?.point.x, beside(longer, null, -1)?.point.x]).toEqual([1, 4])
  expect(beside([], second, 1)).toBeNull()
})

test('a point that was merged away is gone on from where it was', () => {
  const third = draw(three)[2]!
  const merged = draw([
    { x: 2, y: 5 },
    { x: 4, y: 5 },
  ])
  expect([beside(merged, third, 1)?.point.x, beside(merged, third, -1)?.point.x]).toEqual([4, 2])
})

test('series are told apart, and so are runs at one place; what cannot be told apart is passed at once', () => {
  const both = draw(
    [
      { x: 1, y: 5, pick: 'p' },
      { x: 1, y: 5, pick: 'q' },
      { x: 2, y: 5 },
    ],
    [{ x: 2, y: 5 }],
  )
  const names = (r: ReturnType<typeof beside>) => `${r?.series.key} ${r?.point.x} ${r?.point.pick ?? ''}`
  expect([
    names(beside(both, both[0]!, 1)),
    names(beside(both, both[1]!, 1)),
    names(beside(both, both[2]!, 1)),
  ]).toEqual(['a 1 q', 'a 2 ', 'b 2 '])
  const twice = draw([
    { x: 1, y: 5 },
    { x: 1, y: 5 },
    { x: 2, y: 5 },
  ])
  expect([beside(twice, twice[0]!, 1)?.point.x, beside(twice, twice[2]!, -1)?.point.x]).toEqual([2, 1])
})
