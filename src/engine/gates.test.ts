import { describe, expect, it } from 'vitest'
import type { BackendChoice } from '../core/trainer'
import { tensorsOf } from './measures/saved'
import { smallBert, smallVit, testSession, untilTheEnd } from './testing'

const slimming = { method: 'slimming', 'method.sparsity': 0.5, 'method.at': 0.5 }
const polarization = {
  method: 'polarization',
  'method.lambda': 0.05,
  'method.t': 0.8,
  'method.gateRate': 30,
  'method.at': 1,
}

/** Metrics, gates by layer and mask of a whole run; skeletons are no longer among what is saved. */
async function gatesOf(settings: Readonly<Record<string, unknown>>, backend: BackendChoice) {
  const { session } = await testSession(settings, backend)
  const result = await session.run(untilTheEnd)
  const saved = await session.tensors()
  const {
    executor: { layout },
    executor,
  } = session
  const trained = tensorsOf(layout, await executor.weights(), await executor.mask())
  session.dispose()
  return {
    result,
    metrics: session.metrics,
    gates: saved.filter(({ name }) => name.endsWith('/gates')),
    saved,
    trained,
  }
}

describe.each([['webgpu'], ['wasm']] as const)('gates on %s', (backend) => {
  it('slimming cuts whole units, whose gates end at 0 for good; the others go on learning', async () => {
    // Two blocks of 2 heads and 16 neurons: 36 gates, of which round(18) stay.
    const { result, gates, saved } = await gatesOf({ ...smallVit, ...slimming }, backend)
    const all = gates.flatMap(({ values }) => [...values])
    expect(all).toHaveLength(36)
    expect(all.filter((gate) => gate === 0)).toHaveLength(18)
    expect(all.some((gate) => gate !== 0 && gate !== 1)).toBe(true)
    const mlp = gates.find(({ name }) => name === 'block0/mlp/gates')!
    const leaving = saved.find(({ name }) => name === 'block0/mlp/out/weights')!
    mlp.values.forEach((gate, unit) => {
      expect(
        leaving.mask!.subarray(8 * unit, 8 * unit + 8).every((kept) => (kept === 1) === (gate !== 0)),
        String(unit),
      ).toBe(true)
    })
    expect(result.evaluations.map(({ moment }) => moment)).toEqual(['pruned', 'end'])
    expect(result.evaluations.at(-1)?.sparsity).toBeCloseTo(1 - result.kept / result.prunable, 6)
  })

  it('stripes die for good, and the mask says so; the run goes on as if nobody had looked', async () => {
    const stripes = { ...smallVit, method: 'stripes', 'method.stripe': 4, 'method.shrink': 0.7, 'method.gateRate': 60 }
    const [often, once] = [
      await gatesOf({ ...stripes, 'method.every': 5 }, backend),
      await gatesOf({ ...stripes, 'method.every': 1000 }, backend),
    ]
    expect(often.result.kept).toBeGreaterThan(0)
    expect(often.result.kept).toBeLessThan(often.result.prunable)
    expect(once.result.kept).toBe(often.result.kept)
    // Early looks set dead weights to 0, which the model reads as 0 anyway.
    once.metrics.forEach(({ loss }, i) => {
      expect(Math.abs(often.metrics[i]!.loss - loss)).toBeLessThan(1e-5)
    })
    const skeletons = often.trained.filter(({ name }) => name.endsWith('/skeleton'))
    expect(skeletons).toHaveLength(12)
    const dead = skeletons.flatMap(({ values }) => [...values]).filter((factor) => factor === 0).length
    expect(often.result.prunable - often.result.kept).toBe(4 * dead)
  })

  it('polarization moves gates apart and keeps them in [0, 1]', async () => {
    const { gates } = await gatesOf({ ...smallBert, ...polarization }, backend)
    const all = gates.flatMap(({ values }) => [...values])
    expect(all.filter((gate) => gate === 0).length).toBeGreaterThan(0)
    expect(Math.max(...all)).toBeGreaterThan(0.3)
    expect(Math.max(...all)).toBeLessThanOrEqual(1)
  })
})

it.each([
  ['slimming', { ...smallVit, ...slimming }],
  ['polarization', { ...smallBert, ...polarization }],
])('%s: WebGPU and wasm agree to 1e-4', async (_, settings) => {
  const [gpu, wasm] = [await gatesOf(settings, 'webgpu'), await gatesOf(settings, 'wasm')]
  expect(gpu.metrics).toHaveLength(20)
  gpu.metrics.forEach(({ loss }, i) => {
    expect(Math.abs(loss - wasm.metrics[i]!.loss)).toBeLessThan(1e-4)
  })
})

it('two runs give the same bits', async () => {
  const [once, again] = [
    await gatesOf({ ...smallVit, ...slimming }, 'webgpu'),
    await gatesOf({ ...smallVit, ...slimming }, 'webgpu'),
  ]
  expect(again.metrics.map(({ loss }) => loss)).toEqual(once.metrics.map(({ loss }) => loss))
  expect(again.saved).toEqual(once.saved)
})
