import { describe, expect, it } from 'vitest'
import { digits, intoMarkdown, table, toMarkdown } from './markdown'
import type { BenchResult } from './result'

const result: BenchResult = {
  device: 'A GPU',
  software: false,
  date: '2026-01-02T03:04:05.000Z',
  command: 'npm run bench',
  versions: { tfjs: '4.22.0' },
  workloads: [
    {
      name: 'vit-nano',
      batch: 32,
      params: 142_000,
      losses: [2.3031, 2.2],
      absent: { jaxjs: 'It computes something else.' },
      peers: {
        ours: {
          msPerStep: 2,
          spread: 0.1,
          jsMsPerStep: 0.2,
          dispatches: 90,
          submits: 1,
          gpuBytes: 5_000_000,
          firstStepMs: 300,
        },
        tfjs: {
          msPerStep: 50,
          spread: 2,
          jsMsPerStep: 40,
          dispatches: 1400,
          submits: 93,
          gpuBytes: 7_500_000,
          firstStepMs: 2000,
        },
        torchEager: {
          msPerStep: 3,
          spread: 0,
          jsMsPerStep: null,
          dispatches: null,
          submits: null,
          gpuBytes: null,
          firstStepMs: 900,
        },
      },
      kernels: [
        { label: 'linear', count: 24, ms: 0.75 },
        { label: 'update', count: 1, ms: 0.25 },
      ],
    },
  ],
  kernels: {
    peakGflops: 4938,
    update: { gbPerS: 80, copyGbPerS: 100, params: 16_000_000 },
    matmul: [{ m: 64, k: 64, n: 64, gflops: 1234.5 }],
    select: [{ n: 1000, ms: 0.5, dispatches: 5 }],
  },
  growth: [
    {
      axis: 'batch',
      exponent: 0.987,
      points: [
        { x: 8, ms: 1 },
        { x: 16, ms: 1.98 },
      ],
    },
  ],
}

describe('the report', () => {
  it('gives three digits', () => {
    expect([0.012345, 1.2345, 12.345, 123.45, 1234.5, 0, null].map(digits)).toEqual([
      '0.0123',
      '1.23',
      '12.3',
      '123',
      '1,230',
      '0',
      '–',
    ])
  })

  it('pads columns, words left and numbers right', () => {
    expect(
      table(
        ['', 'ms'],
        [
          ['ours', '1.5'],
          ['tfjs', '20.0'],
        ],
      ),
    ).toBe(['|      |   ms |', '| ---- | ---: |', '| ours |  1.5 |', '| tfjs | 20.0 |'].join('\n'))
  })

  it('says how many times ours a peer takes, and leaves out what was not measured', () => {
    const text = toMarkdown(result)
    expect(text).toMatch(
      /\| tfjs 4\.22, eager +\| +50\.0 \| +2\.00 \| +25\.0 \| +40\.0 \| +1,400 \| +93 \| +7\.50 \| +2,000 \|/,
    )
    expect(text).toMatch(/\| PyTorch, eager +\| +3\.00 \| +0 \| +1\.50 \| +– \| +– \| +– \| +– \| +900 \|/)
    expect(text).not.toContain('torch.compile')
    expect(text).toContain('Not timed: jax-js 0.1.25, jit. It computes something else.')
    expect(text).toMatch(/\| 64 x 64 x 64 +\| +1,230 \| +25 % \|/)
    expect(text).toMatch(/\| linear +\| +24 \| 0\.750 \| +75 % \|/)
    expect(text).toContain("80 % of a plain copy's 100 GB/s")
    expect(text).toMatch(/\| batch +\| +0\.99 \| +8: 1\.00, 16: 1\.98 \|/)
  })

  it('replaces what stands between its marks, and nothing else', () => {
    const first = intoMarkdown('# Performance\n\nBy hand.\n', result)
    const second = intoMarkdown(`${first}\nBehind.\n`, { ...result, device: 'Another GPU' })
    expect(second).toMatch(/^# Performance\n\nBy hand\.\n/)
    expect(second).toMatch(/\nBehind\.\n$/)
    expect(second).toContain('Device: Another GPU.')
    expect(second).not.toContain('Device: A GPU.')
    expect(second.match(/### vit-nano/g)).toHaveLength(1)
  })
})
