import { beforeAll, describe, expect, test } from 'vitest'
import { openTask, workloadOf, type Task } from '../../bench/workloads'
import { check } from '../../config/check'
import { modelOf } from '../../config/modelOf'
import { pruningFor } from '../../config/pruningFor'
import type { Settings } from '../../config/settings'
import { nodeHost } from '../../host/node'
import { nodeThreads } from '../../host/nodeThreads'
import { startPortableBackend } from '../../tf/portable'
import type { Blueprint } from '../executor/blueprint'
import { createCpuArena } from './cpuArena'
import { CpuExecutor } from './cpuExecutor'
import { CpuModel } from './cpuModel'
import { recordModel, WasmModel } from './wasmModel'
import { WasmTwins } from './wasmTwins'

const host = nodeHost({ dataDir: '' })
const report = { backend: 'wasm', device: '', software: false, reason: '' } as const

beforeAll(async () => {
  await startPortableBackend('wasm', '')
})

/** A task of the benchmark, with other settings. */
async function taskOf(name: string, settings: Settings = {}): Promise<Task & { readonly blueprint: Blueprint }> {
  const workload = workloadOf(name)
  const model = Object.fromEntries(Object.entries(settings).filter(([key]) => key.startsWith('model.')))
  const task = await openTask({ ...workload, model: { ...workload.model, ...model } }, host)
  const { experiment } = check(settings, task.experiment)
  return {
    ...task,
    blueprint: {
      experiment,
      pruning: pruningFor(experiment),
      model: modelOf(experiment),
      input: task.input,
      layout: task.layout,
      report,
    },
  }
}

describe.each([
  ['vit-toy', {}],
  ['bert-toy', {}],
  ['vit-toy', { 'training.dropout': 0.2, 'training.labelSmoothing': 0.1 }],
  ['bert-toy', { method: 'magnitude', 'training.dropout': 0.1 }],
  ['vit-toy', { 'model.pool': 'class' }],
] as const)('%s with %j', (name, settings) => {
  test('recorded passes give the loss, gradients and logits of tfjs', async () => {
    const task = await taskOf(name, settings)
    const { blueprint, weights } = task
    const recorded = recordModel(blueprint, 1)
    expect(Object.keys(recorded.passes)).toEqual(expect.arrayContaining(['train', 'logits']))
    const { memory } = new WasmTwins(blueprint.layout, recorded.bytes)
    const arena = createCpuArena(blueprint.layout, 0, memory)
    arena.weights.set(weights)
    const found = new WasmModel(blueprint, recorded, memory, arena)
    const expected = new CpuModel(blueprint)
    const grads = new Float32Array(weights.length)
    for (const step of [0, 1]) {
      expected.differentiate(task.batch(step), { step }, { weights, grads })
      found.differentiate(task.batch(step), { step }, arena)
      expect(found.loss).toBeCloseTo(expected.loss, 5)
      expect(mostApart(arena.grads, grads)).toBeLessThan(2e-6)
    }
    const batches = [task.batch(3), task.batch(4)]
    const logits = expected.logits(batches, weights)
    for (const [i, part] of found.logits(batches, arena.weights).entries())
      expect(mostApart(part, logits[i] ?? [])).toBeLessThan(1e-5)
  })
})

function mostApart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)))
  return most
}

test.each([
  ['vit-nano', {}],
  ['bert-nano', { 'training.layerDecay': 0.5 }],
])('%s with %j: the same bits for one, two and three threads', async (name, settings) => {
  const { blueprint, ...task } = await taskOf(name, settings)
  const ends = []
  for (const count of [1, 2, 3]) {
    const executor = new CpuExecutor(blueprint, nodeThreads(count))
    await executor.setWeights({ weights: task.weights, moments: 'fresh' })
    for (let step = 0; step < 6; step++) {
      const inputs = { step, momentAge: step, rate: 1e-3, statisticsStep: step }
      executor.train(task.batch(step), inputs, task.event(step))
      // Threads start between steps.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    ends.push({ weights: await executor.weights(), mask: await executor.mask(), ...(await executor.drain()) })
    executor.dispose()
  }
  expect(ends[0]?.steps).toHaveLength(6)
  expect(ends[1]).toEqual(ends[0])
  expect(ends[2]).toEqual(ends[0])
})

test('a model that needs more than our kernels can runs on tfjs', async () => {
  const { blueprint, weights, batch, event } = await taskOf('vit-toy', { 'model.experts': 2 })
  expect(recordModel(blueprint, 1).passes).toEqual({})
  const executor = new CpuExecutor(blueprint)
  await executor.setWeights({ weights, moments: 'fresh' })
  executor.train(batch(0), { step: 0, momentAge: 0, rate: 1e-3, statisticsStep: 0 }, event(0))
  const { steps } = await executor.drain()
  expect(steps[0]?.loss).toBeGreaterThan(0)
  executor.dispose()
})
