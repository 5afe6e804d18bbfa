import { expect, it } from 'vitest'
import { added } from './added'
import type { BenchResult, WorkloadResult } from './result'

const workload = (name: string, batch: number): WorkloadResult => ({
  name,
  batch,
  params: 1,
  losses: [],
  peers: {},
  kernels: [],
})
const kernels = { update: { gbPerS: 1, copyGbPerS: 2, params: 3 }, matmul: [], select: [] }
const before: BenchResult = {
  device: 'A GPU',
  software: false,
  date: '1',
  command: 'a',
  versions: {},
  workloads: [workload('one', 1), workload('two', 1)],
  kernels,
  growth: [{ axis: 'batch', exponent: 1, points: [] }],
}

it('keeps what only the earlier one has, and takes the rest from the later one', () => {
  const later = { ...before, date: '2', command: 'b', kernels: null, growth: [], workloads: [workload('two', 2)] }
  expect(added(before, later)).toEqual({
    ...before,
    date: '2',
    command: 'a; b',
    workloads: [workload('one', 1), workload('two', 2)],
  })
  const grown = { ...later, growth: [{ axis: 'batch', exponent: 2, points: [] }] } as const
  expect(added(before, grown).growth).toEqual(grown.growth)
})
