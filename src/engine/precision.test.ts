import { expect, test } from 'vitest'
import { plugin } from '../config/registries'
import type { TrainerEvent } from '../core/trainer'
import { heldBatches, makeBatch } from '../data/batches'
import { dawn } from '../gpu/testing'
import { nodeHost } from '../host/node'
import { openDevices } from './run/runtime'
import { openSession } from './run/openSession'
import type { Session } from './run/session'
import { experimentOf, smallVit, testSession, untilTheEnd } from './testing'

const halves = { ...smallVit, 'training.precision': 'f16' }

/** An adapter that lacks shader-f16. */
const withoutHalves = {
  async requestAdapter(options?: GPURequestAdapterOptions) {
    const adapter = await dawn().requestAdapter(options)
    if (!adapter) return null
    const features = new Set([...adapter.features].filter((feature) => feature !== 'shader-f16'))
    return {
      info: adapter.info,
      limits: adapter.limits,
      features,
      requestDevice: (descriptor?: GPUDeviceDescriptor) => adapter.requestDevice(descriptor),
    }
  },
} as unknown as GPU

const notesOf = (events: readonly TrainerEvent[]) =>
  events.flatMap((event) => (event.type === 'note' ? [event.text] : []))

async function weightsAfter(session: Session): Promise<Float32Array> {
  await session.run(untilTheEnd)
  const weights = await session.executor.weights()
  session.dispose()
  return weights
}

test('a device without shader-f16 keeps activations in 32 bits, says so, and gives the same bits as f32', async () => {
  const events: TrainerEvent[] = []
  const session = await openSession(experimentOf(halves), {
    host: nodeHost({ dataDir: 'no-such-folder' }),
    gpu: withoutHalves,
    backend: 'webgpu',
    allowSoftware: true,
    wasm: '',
    signal: untilTheEnd,
    emit: (event) => events.push(event),
  })
  const [device] = openDevices()
  expect(device?.features.has('shader-f16')).toBe(false)
  expect(notesOf(events)).toEqual([
    'All numbers are stored in 32 bits: 16 bits need WebGPU on a device with shader-f16.',
  ])
  expect(session.executor.report.precision).toBeUndefined()
  const weights = await weightsAfter(session)
  device?.destroy()
  await device?.lost
  const { session: precise, events: others } = await testSession(smallVit)
  expect(notesOf(others)).toEqual([])
  expect(await weightsAfter(precise)).toEqual(weights)
})

test('a device with it takes less memory and learns as well', async () => {
  const [{ session: half, events }, { session: full }] = [await testSession(halves), await testSession(smallVit)]
  expect(half.executor.report.precision).toBe('f16')
  expect(notesOf(events)).toEqual([])
  expect(half.executor.bytes).toBeLessThan(full.executor.bytes)
  const [first, expected] = [half, full].map(({ metrics }) => metrics)
  await weightsAfter(half)
  await weightsAfter(full)
  // The first loss is that of the same weights, forwards in f32.
  expect(first![0]!.loss).toBe(expected![0]!.loss)
  expect(Math.abs(first!.at(-1)!.loss - expected!.at(-1)!.loss)).toBeLessThan(2e-3)
})

test('factors of 16 bits learn as well, and evaluation multiplies in 32 bits', async () => {
  const [{ session: mixed }, { session: full }] = [
    await testSession({ ...smallVit, 'training.precision': 'mixed' }),
    await testSession(smallVit),
  ]
  expect(mixed.executor.report.precision).toBe('mixed')
  const [first, expected] = [mixed, full].map(({ metrics }) => metrics)
  // Both evaluate the same weights before a step has changed them.
  const { data, seed, training } = mixed.experiment
  const host = nodeHost({ dataDir: 'no-such-folder' })
  const how = { host, seed, progress: () => undefined, signal: untilTheEnd }
  const examples = await plugin('data', data.id).load(data.values, how)
  const batch = makeBatch(examples, training.batch)
  heldBatches(examples, training.batch).readHeld(0, batch)
  const logits = await Promise.all([mixed, full].map(({ executor }) => executor.evaluate([batch])))
  expect(logits[0]).toEqual(logits[1])
  await weightsAfter(mixed)
  await weightsAfter(full)
  expect(first![0]!.loss).not.toBe(expected![0]!.loss)
  expect(Math.abs(first![0]!.loss - expected![0]!.loss)).toBeLessThan(2e-3)
  expect(Math.abs(first!.at(-1)!.loss - expected!.at(-1)!.loss)).toBeLessThan(0.02)
})

test('wasm says that it keeps 32 bits', async () => {
  const { session, events } = await testSession({ ...halves, 'training.steps': 1 }, 'wasm')
  expect(notesOf(events)).toHaveLength(1)
  session.dispose()
})
