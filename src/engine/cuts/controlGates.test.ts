import { afterEach, describe, expect, it } from 'vitest'
import { principalAxes } from '../../maths/knockoffs'
import { batchReader, makeBatch } from '../../data/batches'
import { plugin } from '../../config/registries'
import { nodeHost } from '../../host/node'
import { BoundedAdam, trainControlGates, withKnockoffs } from './controlGates'
import type { Session } from '../run/session'
import { smallBert, smallVit, testSession, untilTheEnd } from '../testing'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose()
})

async function opened(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm') {
  const test = await testSession(settings, backend)
  sessions.push(test.session)
  return test
}

const options = { kind: 'neuron', batches: 5, rate: 0.01, components: 8, distance: 1 } as const

const noRest = () => Promise.resolve()

/** Reads the training batches of a session. */
async function readerOf({ experiment: { data, seed, training } }: Session) {
  const examples = await plugin('data', data.id).load(data.values, {
    host: nodeHost({ dataDir: 'no-such-folder' }),
    seed,
    progress: () => undefined,
    signal: untilTheEnd,
  })
  const reader = batchReader(examples, { batch: training.batch, seed, augment: training.augment })
  const batch = makeBatch(examples, training.batch)
  return (step: number) => reader.readTrain(step, batch)
}

it('puts knockoffs after images, as bytes, moved as they are, with no label of their own', () => {
  // Two images of three bytes (8 bytes with the rest of the last word), which differ along (1, 0, 1) / sqrt 2 by 10
  // sqrt 2 each way.
  const batch = {
    task: 'image',
    pixels: Uint8Array.of(0, 200, 10, 20, 200, 30, 0, 0),
    motions: Int32Array.of(1, 2, 1, 0, -1, 0),
    levels: new Float32Array(768),
    labels: Int32Array.of(4, 2),
  } as const
  const axes = principalAxes([batch.pixels.subarray(0, 3), batch.pixels.subarray(3, 6)], 3, 4)
  const made = withKnockoffs(batch, axes, 1, { normal: () => 0 })
  // With draws of 0 and s = 1 a knockoff is the mean: (10, 200, 20).
  expect([...made.pixels]).toEqual([0, 200, 10, 20, 200, 30, 10, 200, 20, 10, 200, 20])
  expect([...made.motions]).toEqual([1, 2, 1, 0, -1, 0, 1, 2, 1, 0, -1, 0])
  expect([...made.labels]).toEqual([4, 2, -1, -1])
  // Far out, bytes end at 0 and 255.
  const far = [...withKnockoffs(batch, axes, 1, { normal: () => 1000 }).pixels].slice(6)
  expect(far).toEqual(far[0] === 255 ? [255, 200, 255, 255, 200, 255] : [0, 200, 0, 0, 200, 0])
})

it(
  'Adam by hand: the first step is as long as the rate, the second weighs its mean by 1/2, '
    + 'and gates stay in [0, 1]',
  () => {
    const adam = new BoundedAdam(3, 0.1)
    adam.move(Float32Array.of(4, -2, 0))
    expect([...adam.numbers].map((b) => Number(b.toFixed(6)))).toEqual([0.4, 0.6, 0.5])
    adam.move(Float32Array.of(0, -2, 0))
    // Mean 0.5 * 2 + 0 = 1 over 1 - 0.25; square 0.9 * 1.6 = 1.44 over 1 - 0.81: 1.333333 / sqrt(7.578947) = 0.484322;
    // 0.4 - 0.0484322.
    expect([...adam.numbers].map((b) => Number(b.toFixed(6)))).toEqual([0.351568, 0.7, 0.5])
    for (let i = 0; i < 20; i++) adam.move(Float32Array.of(1, -1, 0))
    expect([...adam.numbers]).toEqual([0, 1, 0.5])
  },
)

describe('gates against knockoffs', () => {
  it('are the same on WebGPU and wasm, the same bits each time, and leave the model as it was', async () => {
    const { session: gpu } = await opened({ ...smallVit, method: 'dense', 'training.rate': 0.02 }, 'webgpu')
    await gpu.run(untilTheEnd)
    const read = await readerOf(gpu)
    const before = Float32Array.from(await gpu.executor.weights())
    const once = await trainControlGates(gpu.executor, options, read, 1, noRest)
    expect(await trainControlGates(gpu.executor, options, read, 1, noRest)).toEqual(once)
    expect(await gpu.executor.weights()).toEqual(before)
    expect([...once].map(([layer, gates]) => [layer, gates.length])).toEqual([
      ['block0/mlp', 16],
      ['block1/mlp', 16],
    ])
    const mask = Uint32Array.from(await gpu.executor.mask())
    const { session: cpu } = await opened({ ...smallVit, method: 'dense' }, 'wasm')
    await cpu.executor.setWeights({ weights: before, mask, moments: 'zeroed' })
    const twin = await trainControlGates(cpu.executor, options, read, 1, noRest)
    // Adam takes the sign of gradients near 0, so that rounding shows where there is hardly one.
    for (const [layer, gates] of once)
      gates.forEach((b, i) => expect(Math.abs(b - twin.get(layer)![i]!), `${layer} ${i}`).toBeLessThan(1e-3))
    expect(
      Math.max(...[...once.values()].flatMap((gates) => [...gates].map((b) => Math.abs(b - 0.5)))),
    ).toBeGreaterThan(0.02)
  })

  it('do not move where a unit reaches nothing', async () => {
    const { session } = await opened({ ...smallVit, method: 'dense' }, 'wasm')
    const weights = Float32Array.from(await session.executor.weights())
    const { offset, size } = session.executor.layout.tensors.find(
      ({ units }) => units?.layer === 'block0/mlp' && units.side === 'leaves',
    )!
    weights.fill(0, offset, offset + size / 16)
    const mask = Uint32Array.from(await session.executor.mask())
    await session.executor.setWeights({ weights, mask, moments: 'zeroed' })
    const [first = 0, ...others] = (
      await trainControlGates(session.executor, options, await readerOf(session), 1, noRest)
    ).get('block0/mlp')!
    expect(first).toBe(0.5)
    expect(others.every((b) => b !== 0.5)).toBe(true)
  })
})

describe.each(['webgpu', 'wasm'] as const)('SCOP on %s', (backend) => {
  it.each(['neuron', 'head'] as const)(
    'cuts exact counts of each layer, and says what the gates found: %s',
    async (unit) => {
      const { session, events } = await opened(
        {
          ...smallVit,
          method: 'scop',
          'model.width': 16,
          'model.heads': 4,
          'method.unit': unit,
          'method.sparsity': 0.5,
          'method.batches': 3,
        },
        backend,
      )
      await session.run(untilTheEnd)
      // Two blocks of width 16: attention 4 * 16 * 16 = 1024 each, MLPs 2 * 16 * 32 = 1024 each; one of the two is
      // halved.
      expect((await session.result()).kept).toBe(2 * (512 + 1024))
      expect(
        events
          .filter((event) => event.type === 'note')
          .map(({ text }) => text)
          .filter((text) => / gates ended above a half/.test(text)),
      ).toHaveLength(1)
    },
  )
})

it('texts are refused with the reason', async () => {
  await expect(testSession({ ...smallBert, method: 'scop' })).rejects.toThrow('the token ids of texts have none')
})
