import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { standingAccuracy } from './nanoRun'
import { reportOf, type Found } from './report'

const found: Found = {
  adapter: {
    device: 'A GPU',
    vendor: 'nvidia',
    architecture: 'hopper',
    driver: '1.2.3',
    software: false,
    subgroups: [32, 32],
    f16: true,
    features: ['subgroups'],
    workgroupBytes: 49_152,
    workgroupThreads: 1024,
    bindingBytes: 2 ** 31,
  },
  card: '',
  outcomes: [],
  kernels: undefined,
  replay: undefined,
  bench: undefined,
  torch: undefined,
  nano: undefined,
}
const step = { name: 'a', title: 'a part', command: [], seconds: 1 }

it('is a page from the first step on', () => {
  const text = reportOf({ ...found, outcomes: [{ step, state: 'failed', seconds: 3.2, why: 'no | such\nthing' }] })
  expect(text).toContain('Adapter: A GPU (nvidia hopper); driver 1.2.3.')
  expect(text).toContain('Subgroups of 32 lanes; f16: yes; 1024 threads and 49152 bytes a workgroup.')
  expect(text).toMatch(/\| a part \| failed: no \\\| such thing \| +3 \|/)
  expect(text).not.toContain('undefined')
})

it('names what failed, and where tests ended that did not come to their end', () => {
  const file = { file: '/a.test.ts', passed: 7, seconds: 1, failures: [{ name: 'adds', message: '1 is 2' }] }
  const text = reportOf({ ...found, kernels: { files: [file], running: '/b.test.ts' } })
  expect(text).toContain('Kernels against their twins: 7 passed, 1 failed. It ended in /b.test.ts')
  expect(text).toContain('- /a.test.ts: adds: 1 is 2')
})

it('sets an accuracy beside the one that stands in the results', () => {
  const table = readFileSync(join(import.meta.dirname, '../../../docs/results/cifar10-nano.csv'), 'utf8')
  expect(standingAccuracy(table, 'f615b73b4504262d')).toBe(0.5165)
  expect(standingAccuracy(table, 'none')).toBeNaN()
  const nano = {
    accuracy: 0.52,
    standing: 0.5165,
    error: 0.0112,
    held: 2000,
    steps: 1500,
    msPerStep: 2,
    openSeconds: 9,
  }
  expect(reportOf({ ...found, nano })).toContain(
    '52.0 % after 1500 steps; docs/results.md has 51.6 %. The difference is 0.4 points; ',
  )
})
