import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomBits, randomStream, streams, uniform } from './random'

/** PCG-3D as published, in big integers: no `imul`, no `>>>`, so that it shares no mistake with the fast one. */
function reference(seed: number, stream: number, counter: number): number {
  const wrap = (value: bigint) => BigInt.asUintN(32, value)
  let [x, y, z] = [seed, stream, counter].map((v) => wrap(wrap(BigInt(v)) * 1664525n + 1013904223n)) as [
    bigint,
    bigint,
    bigint,
  ]
  const mix = () => {
    x = wrap(x + y * z)
    y = wrap(y + z * x)
    z = wrap(z + x * y)
  }
  mix()
  ;[x, y, z] = [x ^ (x >> 16n), y ^ (y >> 16n), z ^ (z >> 16n)]
  mix()
  return Number(z)
}

describe('randomBits', () => {
  it('is PCG-3D', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(randomBits(a, b, c)).toBe(reference(a, b, c))
      }),
    )
  })

  it('gives these bits for ever, or every saved experiment changes', () => {
    expect([randomBits(0, 0, 0), randomBits(1, 2, 3), randomBits(2 ** 31 - 1, 6, 2 ** 32 - 1)]).toEqual([
      1058359340, 1500469937, 3021964133,
    ])
  })
})

describe('uniform', () => {
  it('is a multiple of 2^-24 in [0, 1), the same as float32', () => {
    for (let i = 0; i < 1000; i++) {
      const u = uniform(7, 1, i)
      expect(u >= 0 && u < 1).toBe(true)
      expect(Math.fround(u)).toBe(u)
    }
  })

  it('spreads evenly: 16 bins of 16,000 draws within five deviations', () => {
    // Binomial: mean 1000, deviation sqrt(16000 * 1/16 * 15/16) = 30.6; five of them are 153.
    const bins = new Array<number>(16).fill(0)
    for (let i = 0; i < 16000; i++) bins[Math.floor(uniform(3, 2, i) * 16)]! += 1
    bins.forEach((count) => expect(Math.abs(count - 1000)).toBeLessThan(153))
  })
})

describe('randomStream', () => {
  it('is the same for the same seed and purpose, another for another purpose or lane', () => {
    const first = (s: ReturnType<typeof randomStream>) => [s.next(), s.next(), s.next()]
    expect(first(randomStream(1, 'order'))).toEqual(first(randomStream(1, 'order')))
    const others = [randomStream(1, 'init'), randomStream(2, 'order'), randomStream(1, 'order', 1)].map(first)
    for (const other of others) expect(other).not.toEqual(first(randomStream(1, 'order')))
  })

  it('numbers each purpose once', () => {
    expect(streams).toEqual({
      init: 1,
      order: 2,
      augmentation: 3,
      dropout: 4,
      method: 5,
      data: 6,
      attack: 7,
      checks: 8,
      knockoffs: 9,
      hidden: 10,
    })
  })

  it('draws normals of mean 0 and deviation 1', () => {
    // 10,000 draws: the mean has deviation 0.01, the variance 0.0141; five deviations each.
    const stream = randomStream(5, 'init')
    const draws = Array.from({ length: 10000 }, () => stream.normal())
    const mean = draws.reduce((a, b) => a + b) / draws.length
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length
    expect(Math.abs(mean)).toBeLessThan(0.05)
    expect(Math.abs(variance - 1)).toBeLessThan(0.071)
  })

  it('permutes', () => {
    const order = [...randomStream(1, 'order').permutation(100)]
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(order).not.toEqual([...order].sort((a, b) => a - b))
  })
})
