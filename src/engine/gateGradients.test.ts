import { afterEach, describe, expect, it } from 'vitest'
import { unitsOf } from '../core/units'
import { batchReader, makeBatch } from '../data/batches'
import { plugin } from '../config/registries'
import { nodeHost } from '../host/node'
import { watchGates } from './executor/inputs'
import type { Session } from './run/session'
import { smallBert, smallVit, testSession, untilTheEnd } from './testing'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose()
})

async function trained(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm'): Promise<Session> {
  const { session } = await testSession(
    { method: 'dense', 'training.rate': 0.02, 'training.labelSmoothing': 0, ...settings },
    backend,
  )
  sessions.push(session)
  await session.run(untilTheEnd)
  return session
}

/** The first training batch of a session. */
async function firstBatch({ experiment: { data, seed, training } }: Session) {
  const examples = await plugin('data', data.id).load(data.values, {
    host: nodeHost({ dataDir: 'no-such-folder' }),
    seed,
    progress: () => undefined,
    signal: untilTheEnd,
  })
  return {
    batch: batchReader(examples, { batch: training.batch, seed, augment: training.augment }).readTrain(
      0,
      makeBatch(examples, training.batch),
    ),
    classes: examples.input.classes,
  }
}

/** Cross-entropy of each example, in doubles. */
function losses(logits: Float32Array, labels: Int32Array, classes: number): number[] {
  return [...labels].map((label, i) => {
    const row = [...logits.subarray(i * classes, (i + 1) * classes)]
    return Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[label]!
  })
}

/**
 * An even share of the 32 tokens is 10.7, so an expert takes 14 at most: no multiple of the batch, and some places stay
 * empty.
 */
const mixture = { ...smallVit, 'model.experts': 3 }

describe.each([
  ['ViT, heads', smallVit, 'head'],
  ['BERT, neurons', smallBert, 'neuron'],
  ['ViT of experts, neurons', mixture, 'neuron'],
] as const)('%s', (_name, settings, kind) => {
  it('are those of central differences: a gate scales the rows by which its unit leaves', async () => {
    const session = await trained(settings, 'wasm')
    const {
      executor,
      experiment: { training },
    } = session
    const { batch, classes } = await firstBatch(session)
    const found = await executor.sums([batch], watchGates)
    const units = unitsOf(executor.layout, { kind, score: 'gate' })
    const own = Float32Array.from(await executor.weights())
    const moved = async (unit: number, factor: number) => {
      const weights = own.slice()
      for (let s = units.table[4 * unit + 1]!; s < units.table[4 * unit + 2]!; s++) {
        const [start = 0, rows = 0, , columns = 0] = units.spans.subarray(4 * s, 4 * s + 4)
        for (let i = start; i < start + rows * columns; i++) weights[i]! *= factor
      }
      return executor.withWeights(weights, async () => losses(await executor.evaluate([batch]), batch.labels, classes))
    }
    for (const { name, offset, size } of units.layout.prunable) {
      for (let i = 0; i < Math.min(size, 4); i++) {
        const [up, down] = [await moved(offset + i, 1.02), await moved(offset + i, 0.98)]
        const slopes = up.map((loss, k) => Math.abs(loss - down[k]!) / 0.04)
        const expected = slopes.reduce((a, b) => a + b, 0) / training.batch
        expect(
          Math.abs(found.get(name)![i]! - expected),
          `${name} ${i}: ${found.get(name)![i]!} and ${expected}`,
        ).toBeLessThan(1e-4 + 0.01 * expected)
      }
    }
  })

  it('are the same on WebGPU, the same bits each time, and leave the run as it was', async () => {
    const gpu = await trained(settings, 'webgpu')
    const { batch } = await firstBatch(gpu)
    const before = await gpu.executor.weights()
    const [once, again] = [await gpu.executor.sums([batch], watchGates), await gpu.executor.sums([batch], watchGates)]
    expect(again).toEqual(once)
    expect(await gpu.executor.weights()).toEqual(before)
    const mask = await gpu.executor.mask()
    // Opening it makes tfjs run there.
    const cpu = await trained(settings, 'wasm')
    await cpu.executor.setWeights({
      weights: Float32Array.from(before),
      mask: Uint32Array.from(mask),
      moments: 'zeroed',
    })
    const twin = await cpu.executor.sums([batch], watchGates)
    for (const [layer, values] of once)
      values.forEach((value, i) => {
        expect(Math.abs(value - twin.get(layer)![i]!), `${layer} ${i}`).toBeLessThan(1e-4 * Math.max(1, value))
      })
  })
})

it.each(['webgpu', 'wasm'] as const)(
  'Michel on %s: exact counts at every cut, a unit of every layer at the highest sparsity',
  async (backend) => {
    const settings = { ...smallVit, method: 'michel', 'model.width': 16, 'model.heads': 4, 'method.batches': 1 }
    const { session } = await testSession(
      { ...settings, 'method.sparsity': 0.6, 'method.schedule': 'gradual', 'method.every': 6 },
      backend,
    )
    sessions.push(session)
    await session.run(untilTheEnd)
    // Of 8 heads 3.2 stay, so 3. Each has 16 * 4 * 4 = 256 weights; MLPs have 2 blocks * 2 * 16 * 32.
    expect((await session.result()).kept).toBe(3 * 256 + 2048)
    const all = await testSession({ ...settings, 'method.sparsity': 0.99, 'method.unit': 'neuron' }, backend)
    sessions.push(all.session)
    await all.session.run(untilTheEnd)
    // One neuron a block, of 16 weights in and 16 out; 2 blocks * 4 * 16 * 16 in attention.
    expect((await all.session.result()).kept).toBe(2 * 32 + 2048)
  },
)
