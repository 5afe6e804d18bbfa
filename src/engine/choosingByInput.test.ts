/** Choices by the input in whole runs: the same on both kinds of executors, the same each time. */
import { afterEach, expect, it } from 'vitest'
import { tf } from '../tf/tfjs'
import type { Session } from './run/session'
import { smallBert, smallMlp, smallVit, testSession, untilTheEnd } from './testing'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose()
})

async function run(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm') {
  const { session, events } = await testSession(settings, backend)
  sessions.push(session)
  await session.run(untilTheEnd)
  return { session, events, losses: session.metrics.map(({ loss }) => loss) }
}

const cases: [string, Readonly<Record<string, unknown>>][] = [
  ['strongest neurons', { ...smallVit, method: 'strongestNeurons' }],
  ['dynamic heads', { ...smallVit, method: 'dynamicHeads' }],
  ['static + dynamic', { ...smallVit, method: 'staticDynamic', 'method.tries': 3, 'method.batches': 2 }],
  ['experts', { ...smallVit, 'model.experts': 3, method: 'magnitude', 'method.sparsity': 0.5 }],
  [
    'experts under SynFlow',
    { ...smallVit, 'model.experts': 2, method: 'synflow', 'method.sparsity': 0.5, 'method.rounds': 5 },
  ],
  ['experts of BERT', { ...smallBert, 'model.experts': 2, method: 'strongestNeurons', 'training.dropout': 0.1 }],
]

it.each(cases)(
  '%s: WebGPU and wasm agree to 1e-4 for 10 steps, and WebGPU repeats itself',
  async (_name, settings) => {
    const short = { ...settings, 'training.steps': 10 }
    const [gpu, again, wasm] = [await run(short, 'webgpu'), await run(short, 'webgpu'), await run(short, 'wasm')]
    expect(again.losses).toEqual(gpu.losses)
    expect(await again.session.executor.weights()).toEqual(await gpu.session.executor.weights())
    gpu.losses.forEach((loss, i) => {
      expect(Math.abs(loss - wasm.losses[i]!), `step ${i + 1}`).toBeLessThan(1e-4)
    })
  },
  120_000,
)

it('a search leaves settings that stay, says what it found, and a model that can be rebuilt smaller', async () => {
  const settings = {
    ...smallVit,
    method: 'staticDynamic',
    'method.budget': 0.25,
    'method.dynamic': 0.5,
    'method.tries': 4,
    'method.batches': 1,
  }
  const { session, events } = await run(settings, 'webgpu')
  const { layout } = session.executor
  const weights = await session.executor.weights()
  const values = (name: string) => {
    const { offset, size } = layout.tensors.find((t) => t.name === name)!
    return Array.from(weights.subarray(offset, offset + size))
  }
  const stays = values('block0/mlp/stays')
  expect(new Set(stays)).toEqual(new Set([0, 1]))
  const [working] = values('block0/mlp/working')
  expect(working).toBeLessThan(stays.filter((one) => one === 1).length)
  expect(events.flatMap((event) => (event.type === 'note' ? [event.text] : [])).join()).toMatch(
    /Neurons that work for a token: block0\/mlp \d+ of 16/,
  )
  const { inference } = await session.measuredResult()
  expect(inference?.activated?.parameters).toBeLessThan(inference?.activated?.of ?? 0)
  expect(inference?.compact?.units.find(({ kind }) => kind === 'neuron')?.kept).toBeLessThan(32)
  expect(inference?.compact?.difference).toBeLessThan(1e-5)
}, 120_000)

it('needs a model with heads or neurons', async () => {
  await expect(testSession({ ...smallMlp, method: 'strongestNeurons' })).rejects.toThrow(/no heads or neurons/)
})

it('reads nothing that another run left in buffers of tfjs', async () => {
  const settings = { ...smallVit, method: 'staticDynamic', 'method.tries': 1, 'training.steps': 6 }
  const first = await run(settings, 'webgpu')
  // Buffers as long as the settings that this method keeps for each neuron and layer; tfjs hands them out again.
  for (const size of [1, 16]) {
    const numbers = Array.from({ length: 8 }, () => tf.tensor1d(new Array<number>(size).fill(1000)).square())
    await Promise.all(numbers.map((tensor) => tensor.data()))
    tf.dispose(numbers)
  }
  expect((await run(settings, 'webgpu')).losses).toEqual(first.losses)
})
