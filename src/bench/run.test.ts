import { beforeAll, expect, it } from 'vitest'
import { dawn } from '../gpu/testing'
import { nodeHost } from '../host/node'
import { nodeThreads } from '../host/nodeThreads'
import { defaultPeers } from './peers/peer'
import { runBenchmark, type BenchOptions } from './run'

const options: Omit<BenchOptions, 'gpu'> = {
  host: nodeHost({ dataDir: 'no-such-folder', threads: nodeThreads(2) }),
  workloads: ['vit-toy', 'bert-toy'],
  peers: defaultPeers,
  wasm: '',
  quick: true,
  kernels: true,
  growth: false,
  command: 'test',
  versions: {},
  say: () => undefined,
}

// jax-js looks for WebGPU where browsers have it.
beforeAll(() => {
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: dawn(), userAgent: 'node' }, configurable: true })
})

it('finds peers in agreement over ten steps of a ViT and a BERT, cuts included, and counts alike', async () => {
  const { workloads, kernels, growth } = await runBenchmark({ ...options, gpu: dawn() })
  expect(workloads.map((w) => w.name)).toEqual(['vit-toy', 'bert-toy'])
  for (const { peers, losses, kernels: shares } of workloads) {
    expect(losses).toHaveLength(10)
    // Ten equal losses would agree although no weight moved.
    expect(new Set(losses).size).toBe(10)
    const { ours, tfjs, jaxjs, wasm, wasmThreads, tfjsWasm } = peers
    for (const peer of [wasm!, wasmThreads!, tfjsWasm!]) expect(peer.msPerStep).toBeGreaterThan(0)
    expect(ours!.submits).toBe(1)
    expect(tfjs!.submits).toBeGreaterThan(10)
    // jax-js submits every kernel by itself.
    expect(jaxjs!.submits).toBeLessThanOrEqual(jaxjs!.dispatches!)
    expect(ours!.dispatches).toBeLessThan(tfjs!.dispatches! / 8)
    expect(ours!.dispatches).toBe(shares.reduce((sum, k) => sum + k.count, 0))
    for (const peer of [ours!, tfjs!, jaxjs!]) expect(peer.gpuBytes).toBeGreaterThan(10_000)
  }
  expect(kernels!.update.params).toBeGreaterThan(50_000)
  expect(kernels!.select.every((s) => s.dispatches > 0 && s.dispatches <= 6)).toBe(true)
  expect(growth.map((g) => g.axis)).toEqual(['parameters'])
}, 300_000)

it('times what needs no WebGPU where there is none, and says what could be added where that is nothing', async () => {
  const without = { ...options, gpu: undefined, workloads: ['vit-toy'] }
  const { workloads, kernels } = await runBenchmark({ ...without, peers: ['wasm', 'tfjs'] })
  expect(Object.keys(workloads[0]!.peers)).toEqual(['wasm'])
  expect(workloads[0]!.losses).toHaveLength(10)
  expect(kernels).toBeNull()
  await expect(runBenchmark({ ...without, peers: ['tfjs'] })).rejects.toThrow(
    'There is no WebGPU adapter here, and no peer',
  )
}, 60_000)
