import { describe, expect, it } from 'vitest'
import { evolve } from './evolution'

const options = { tries: 40, range: [0.1, 1], seed: 1 } as const

describe('evolution', () => {
  it('finds a peak: -(x - 0.3)^2 - (y - 0.8)^2 from (0.5, 0.5)', async () => {
    const [best] = await evolve([0.5, 0.5], options, ([x = 0, y = 0]) =>
      Promise.resolve(-((x - 0.3) ** 2) - (y - 0.8) ** 2),
    )
    // It starts at a reward of -(0.04 + 0.09) = -0.13.
    expect(best!.reward).toBeGreaterThan(-0.01)
  })

  it('tries as many points as it is told to, the start first, all in range, and the same again', async () => {
    const seen: (readonly number[])[] = []
    const tried = await evolve([1, 0.1], { ...options, tries: 9 }, (point) => {
      seen.push(point)
      return Promise.resolve(0)
    })
    expect(seen[0]).toEqual([1, 0.1])
    expect(seen).toHaveLength(9)
    expect(Math.min(...seen.flat())).toBeGreaterThanOrEqual(0.1)
    expect(Math.max(...seen.flat())).toBeLessThanOrEqual(1)
    // Where all are equal, the first counts.
    expect(tried[0]!.point).toEqual([1, 0.1])
    expect(await evolve([1, 0.1], { ...options, tries: 9 }, () => Promise.resolve(0))).toEqual(tried)
  })

  it('finds nothing worse than its start', async () => {
    const [best] = await evolve([0.5], options, ([x = 0]) => Promise.resolve(x === 0.5 ? 1 : 0))
    expect(best).toEqual({ point: [0.5], reward: 1 })
  })
})
