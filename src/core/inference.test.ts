import { describe, expect, it } from 'vitest'
import { inferenceReport, multiplyAdds, type Latency, type Work } from './inference'

// Two tokens of width 4: a prunable 4 x 4 matrix, a head of 4 x 3 on one row, attention 2 * 2^2 * 4 = 32.
const work: Work = { linear: [{ tensor: 'block', size: 16, rows: 2 }, { tensor: 'head', size: 12, rows: 1 }], attention: 32 }
const layer = (kept: number) => [{ name: 'block', size: 16, kept }]
const measured = (denseMs: number, prunedMs: number | null, batch = 1): Latency => ({ batch, denseMs, prunedMs, sparseLayers: 1, prunableLayers: 1 })

describe('theory', () => {
  it('counts rows times kept weights; head and attention stay dense', () => {
    expect(multiplyAdds(work, [])).toBe(2 * 16 + 12 + 32)
    expect(multiplyAdds(work, layer(4))).toBe(2 * 4 + 12 + 32)
  })

  it('by hand: 4 of 16 weights left of 40 parameters', () => {
    const report = inferenceReport(work, layer(4), 40, [])
    // 40 parameters, 12 gone: 40 / 28. 76 multiply-adds before, 52 after.
    expect(report.compression).toBeCloseTo(40 / 28, 12)
    expect([report.denseMultiplyAdds, report.prunedMultiplyAdds]).toEqual([76, 52])
    expect(report.theoreticalSpeedup).toBeCloseTo(76 / 52, 12)
  })
})

describe('verdict', () => {
  const say = (kept: number, ...latency: Latency[]) => inferenceReport(work, layer(kept), 40, latency).verdict

  it('says plainly when it is not faster', () => {
    expect(say(4, measured(2, 2), measured(9, 8.9, 32))).toBe('75 % sparse is not faster than dense on this device, though in theory it could be 1.5 times as fast.')
  })

  it('names the batch where it gains most', () => {
    expect(say(4, measured(2, 2), measured(9, 6, 32))).toBe('75 % sparse is 1.5 times as fast as dense for 32 examples at once; in theory it could be 1.5 times as fast.')
    expect(say(4, measured(4, 2))).toMatch(/2\.0 times as fast as dense for one example/)
  })

  it('knows backends without sparse kernels, and models without holes', () => {
    expect(say(4, measured(2, null))).toMatch(/^This backend has no sparse kernels: 75 % sparse takes as long as dense/)
    expect(say(16, measured(2, 2))).toBe('Nothing is pruned, so there is nothing to gain.')
  })
})
