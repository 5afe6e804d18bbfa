import { describe, expect, it } from 'vitest'
import { drawn } from './drawn'

/** Examples of classes a, b, ... of the given counts, in turns. */
function examples(...counts: number[]): { label: string; at: number }[] {
  const labels = counts.flatMap((count, c) => Array.from({ length: count }, () => 'abcdefgh'[c] ?? ''))
  return labels.map((label, i) => ({ label, at: (i * 7) % labels.length }))
}

function counted(chosen: readonly { label: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { label } of chosen) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed)

describe('a drawn split', () => {
  it.each([
    ['ten of two classes', [6, 4], [2, 8], { a: 1, b: 1 }, { a: 5, b: 3 }],
    ['shares of a fifth', [60, 30, 10], [20, 100], { a: 12, b: 6, c: 2 }, { a: 48, b: 24, c: 8 }],
    ['a class of two', [96, 2], [19, 100], { a: 18, b: 1 }, { a: 78, b: 1 }],
    ['a class of one: it is trained on', [50, 9, 1], [12, 100], { a: 10, b: 2 }, { a: 40, b: 7, c: 1 }],
    ['fewer than there are', [900, 90, 10], [20, 100], { a: 18, b: 1, c: 1 }, { a: 90, b: 9, c: 1 }],
  ])('has its share of every class, for every seed: %s', (_, counts, sizes, held, train) => {
    const all = examples(...counts)
    for (const seed of seeds) {
      const [first = [], second = []] = drawn(all, sizes, seed)
      expect([counted(first), counted(second)]).toEqual([held, train])
      expect(new Set([...first, ...second]).size).toBe(first.length + second.length)
    }
  })

  it('is the same for the same seed, another for another, and keeps the order', () => {
    const all = examples(50, 50)
    const [held = []] = drawn(all, [20, 80], 1)
    expect(drawn(all, [20, 80], 1)[0]).toEqual(held)
    expect(drawn(all, [20, 80], 2)[0]).not.toEqual(held)
    expect(held).toEqual(all.filter((example) => held.includes(example)))
  })
})
