import { describe, expect, it } from 'vitest'
import { nodeHost } from '../host/node'
import type { BenchResult, PeerResult } from './result'
import { exportTask, withTorch, type TorchResult } from './torch'
import { openTask, workloadOf } from './workloads'

const losses = [2.3, 2.29, 2.28, 2.27, 2.26, 2.25, 2.24, 2.23, 2.22, 2.21]
const times: PeerResult = {
  msPerStep: 3,
  spread: 0.1,
  jsMsPerStep: null,
  dispatches: null,
  submits: null,
  gpuBytes: null,
  firstStepMs: 900,
}
const result: BenchResult = {
  device: 'A GPU',
  software: false,
  date: '',
  command: '',
  versions: {},
  kernels: null,
  growth: [],
  workloads: [
    { name: 'vit-nano', batch: 32, params: 1, losses, peers: { ours: { ...times, msPerStep: 1 } }, kernels: [] },
  ],
}
const torch = (changed: readonly number[]): TorchResult => ({
  device: 'A GPU',
  torch: '2.9.0',
  workloads: [{ name: 'vit-nano', runs: { torchEager: { losses: changed, times } } }],
})

describe("PyTorch's column", () => {
  it('is added where its losses agree', () => {
    const { workloads, versions } = withTorch(result, torch(losses))
    expect(workloads[0]!.peers).toEqual({ ours: { ...times, msPerStep: 1 }, torchEager: times })
    expect(versions).toEqual({ 'PyTorch on A GPU': '2.9.0' })
  })

  it('is left out, and says why, where one loss is off or missing, or where it failed', () => {
    const absent = (given: TorchResult) => {
      const [workload] = withTorch(result, given).workloads
      expect(Object.keys(workload!.peers)).toEqual(['ours'])
      return workload!.absent!.torchEager
    }
    expect(absent(torch(losses.map((l, i) => (i === 6 ? l + 0.001 : l))))).toMatch(
      /vit-nano, step 7: the loss of PyTorch, eager/,
    )
    expect(absent(torch(losses.slice(0, 9)))).toMatch(/9 losses of vit-nano; 10 are compared/)
    const failed = { name: 'vit-nano', runs: { torchEager: { error: 'out of memory' } } }
    expect(absent({ ...torch(losses), workloads: [failed] })).toMatch(/^It failed: out of memory\. Run scripts\/bench/)
  })

  it('gets every weight, every batch and the counts of the cuts', async () => {
    const task = await openTask(workloadOf('bert-toy'), nodeHost({ dataDir: 'no-such-folder' }))
    const { tensors, plan } = exportTask(task)
    const { kept, tensors: names } = JSON.parse(plan) as { kept: number[]; tensors: string[] }
    expect(tensors.reduce((sum, t) => sum + (names.includes(t.name) ? t.values.length : 0), 0)).toBe(
      task.layout.parameterCount,
    )
    expect(tensors.filter((t) => t.name.endsWith('/labels'))).toHaveLength(task.batches)
    for (const { shape, values } of tensors) expect(values).toHaveLength(shape.reduce((a, b) => a * b, 1))
    // SEVENdyn's ramp ends at a tenth of the weights, exactly.
    expect(kept.at(-1)).toBe(Math.floor(task.layout.prunableCount * 0.1 + 1e-6))
    expect(kept.every((k, i) => i === 0 || k <= kept[i - 1]!)).toBe(true)
  })
})
