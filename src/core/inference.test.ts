import { describe, expect, it } from 'vitest'
import { inferenceReport, multiplyAdds, type CompactCost, type Latency, type Work } from './inference'

// Two tokens of width 4: a prunable 4 x 4 matrix, a head of 4 x 3 on one row, attention 2 * 2^2 * 4 = 32.
const work: Work = {
  linear: [
    { tensor: 'block', size: 16, rows: 2 },
    { tensor: 'head', size: 12, rows: 1 },
  ],
  attention: 32,
}
const layer = (kept: number) => [{ name: 'block', size: 16, kept }]
const measured = (denseMs: number, prunedMs: number | null, batch = 1, compactMs: number | null = null): Latency => ({
  batch,
  denseMs,
  prunedMs,
  compactMs,
  sparseLayers: 1,
  prunableLayers: 1,
})
const whole = { why: 'No head and no neuron is cut whole.' }

describe('theory', () => {
  it('counts rows times kept weights; head and attention stay dense', () => {
    expect(multiplyAdds(work, [])).toBe(2 * 16 + 12 + 32)
    expect(multiplyAdds(work, layer(4))).toBe(2 * 4 + 12 + 32)
  })

  it('by hand: 4 of 16 weights left of 40 parameters', () => {
    const report = inferenceReport({ work, latency: [], compact: whole }, layer(4), 40)
    // 40 parameters, 12 gone: 40 / 28. 76 multiply-adds before, 52 after.
    expect(report.compression).toBeCloseTo(40 / 28, 12)
    expect([report.denseMultiplyAdds, report.prunedMultiplyAdds]).toEqual([76, 52])
    expect(report.theoreticalSpeedup).toBeCloseTo(76 / 52, 12)
    expect([report.compact, report.rebuilt]).toEqual([undefined, whole.why])
  })
})

describe('a compact model', () => {
  // One of two heads taken out: half of the block's matrix, half of attention's 32; one of three neurons, too.
  const compact: CompactCost = {
    work: {
      linear: [
        { tensor: 'block', size: 8, rows: 2 },
        { tensor: 'head', size: 12, rows: 1 },
      ],
      attention: 16,
    },
    parameters: 30,
    difference: 2.5e-7,
    units: [
      { kind: 'head', layer: 'a', count: 2, kept: [1] },
      { kind: 'neuron', layer: 'b', count: 3, kept: [0, 2] },
      { kind: 'neuron', layer: 'c', count: 3, kept: [0, 1, 2] },
    ],
  }
  const report = (kept: number, ...latency: Latency[]) => inferenceReport({ work, latency, compact }, layer(kept), 40)

  it('counts what it multiplies; the head that is gone saves its share of attention in theory, too', () => {
    const { compact: found, prunedMultiplyAdds, rebuilt } = report(4)
    expect(found).toEqual({
      parameters: 30,
      multiplyAdds: 2 * 8 + 12 + 16,
      difference: 2.5e-7,
      units: [
        { kind: 'head', kept: 1, count: 2 },
        { kind: 'neuron', kept: 5, count: 6 },
      ],
    })
    expect(prunedMultiplyAdds).toBe(2 * 4 + 12 + 16)
    expect(rebuilt).toBe(
      'Rebuilt without 1 of 2 heads and 1 of 6 neurons, which change nothing, it has 75 % of the parameters, '
        + 'and its logits differ by 2.5e-7 at most.',
    )
  })

  it('says where not one bit differs', () => {
    expect(
      inferenceReport({ work, latency: [], compact: { ...compact, difference: 0 } }, layer(4), 40).rebuilt,
    ).toMatch(/and its logits are the same to the last bit\.$/)
  })

  it('is named where it is the fastest way or the slowest', () => {
    // 4 / 3.9 = 1.03, 4 / 2 = 2, 9 / 8.9 = 1.01, 9 / 6 = 1.5.
    expect(report(4, measured(4, 3.9, 1, 2), measured(9, 8.9, 32, 6)).verdict).toBe(
      '75 % sparse is 1.0 to 2.0 times as fast as dense on this device (least: '
        + '32 examples at once with sparse kernels; most: one example, rebuilt without dead heads and neurons); '
        + 'in theory it could be 2.1 times as fast.',
    )
    const { verdict } = report(4, measured(4, 2, 1, 5))
    expect(verdict).toContain('0.8 to 2.0 times')
    expect(verdict).toContain(
      '(least: one example, rebuilt without dead heads and neurons; most: one example with sparse kernels)',
    )
    expect(report(4, measured(4, null, 1, 4)).verdict).toMatch(
      /is not faster than dense on this device: 1\.0 times as fast/,
    )
  })
})

describe('verdict', () => {
  const say = (kept: number, ...latency: Latency[]) =>
    inferenceReport({ work, latency, compact: whole }, layer(kept), 40).verdict

  it('says plainly when it is not faster, and how much slower it may be', () => {
    // 2 / 2 = 1, 9 / 12 = 0.75.
    expect(say(4, measured(2, 2), measured(9, 12, 32))).toBe(
      '75 % sparse is not faster than dense on this device: 0.8 to 1.0 times as fast, '
        + 'though in theory it could be 1.5 times as fast.',
    )
  })

  it('tells the whole range, and where its ends are', () => {
    expect(say(4, measured(2, 2), measured(9, 6, 32))).toBe(
      '75 % sparse is 1.0 to 1.5 times as fast as dense on this device (least: one example with sparse kernels; '
        + 'most: 32 examples at once with sparse kernels); '
        + 'in theory it could be 1.5 times as fast.',
    )
    expect(say(4, measured(4, 2))).toBe(
      '75 % sparse is 2.0 times as fast as dense on this device; in theory it could be 1.5 times as fast.',
    )
  })

  it('knows backends without sparse kernels, and models without holes', () => {
    expect(say(4, measured(2, null))).toMatch(/^This backend has no sparse kernels: 75 % sparse takes as long as dense/)
    expect(say(16, measured(2, 2))).toBe('Nothing is pruned, so nothing is gained.')
  })
})
