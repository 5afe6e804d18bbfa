import { describe, expect, it } from 'vitest'
import { reservoir } from './reservoir'

/** What is kept of `size` among examples with these labels. */
function kept(labels: readonly string[], size: number, seed: number): { label: string; at: number }[] {
  const found = reservoir<{ label: string; at: number }>(size, seed, [1, 4])
  labels.forEach((label, at) => {
    found.offer({ label, at })
  })
  return found.kept()
}

const seeds = Array.from({ length: 100 }, (_, seed) => seed)

describe('a reservoir', () => {
  it.each([5, 6, 40])('keeps at least five of a class of %i in 4,000 examples, for every seed', (count) => {
    const labels = Array.from({ length: 4000 }, (_, i) =>
      i % 100 === 7 && i < 100 * count ? 'rare' : i % 2 ? 'a' : 'b',
    )
    for (const seed of seeds) {
      const all = kept(labels, 50, seed)
      expect(all.filter(({ label }) => label === 'rare').length).toBeGreaterThanOrEqual(5)
      expect(new Set(all.map(({ at }) => at)).size).toBe(all.length)
      expect(all.length).toBeLessThanOrEqual(55)
      expect(all).toEqual(all.toSorted((a, b) => a.at - b.at))
    }
  })

  it('keeps all of a class of fewer, and no more than asked for where no class is rare', () => {
    const even = Array.from({ length: 1000 }, (_, i) => (i % 2 ? 'a' : 'b'))
    for (const seed of seeds) {
      expect(kept(even, 60, seed)).toHaveLength(60)
      expect(kept([...even, 'c', 'c'], 60, seed).filter(({ label }) => label === 'c')).toHaveLength(2)
    }
  })

  it('gives each example the same chance', () => {
    const labels = Array.from({ length: 100 }, () => 'a')
    const counts = new Array<number>(100).fill(0)
    for (let seed = 0; seed < 2000; seed++) for (const { at } of kept(labels, 20, seed)) counts[at]!++
    // 2000 draws of 0.2: 400, deviation 18.
    expect(Math.min(...counts)).toBeGreaterThan(320)
    expect(Math.max(...counts)).toBeLessThan(480)
  })

  it('makes what it keeps independent once, and nothing else', () => {
    const made: number[] = []
    const found = reservoir<{ label: string; at: number }>(20, 1, [1, 4], (example) => {
      made.push(example.at)
      return example
    })
    for (let at = 0; at < 500; at++) found.offer({ label: 'a', at })
    expect(new Set(made).size).toBe(made.length)
    expect(made.length).toBeLessThan(200)
    expect(made).toEqual(expect.arrayContaining(found.kept().map(({ at }) => at)))
  })

  it('stays small where every label is another', () => {
    expect(
      kept(
        Array.from({ length: 30_000 }, (_, i) => String(i)),
        50,
        1,
      ).length,
    ).toBeLessThanOrEqual(50 + 5 * 101)
  })
})
