import { expect, it } from 'vitest'
import type { Examples } from '../core/dataset'
import { placeTensors } from '../core/layout'
import { randomStream } from '../core/random'
import { batchReader, makeBatch, type TextBatch } from '../data/batches'
import { dawn } from '../gpu/testing'
import { nodeHost } from '../host/node'
import { miniBert } from '../models'
import { openSession } from './run/openSession'
import { experimentOf, smallBert } from './testing'

/** Pairs of which the second text repeats the word of the first, or does not; ids 4 to 9 are words. */
function pairs(count: number): Examples {
  const random = randomStream(5, 'data', 0)
  const rows = Array.from({ length: count }, (_, i) => {
    const [a, other] = [4 + Math.floor(6 * random.next()), 4 + Math.floor(6 * random.next())]
    return { ids: [2, a, 3, i % 2 ? a : other, 3, 0, 0, 0], label: i % 2 }
  })
  const split = {
    task: 'text',
    count,
    ids: Int32Array.from(rows.flatMap(({ ids }) => ids)),
    labels: Uint8Array.from(rows, ({ label }) => label),
    texts: rows.map(() => ''),
  } as const
  return {
    input: { task: 'text', vocabulary: 10, length: 8, classes: 2, pairs: true },
    classes: ['differs', 'repeats'],
    positive: 1,
    train: split,
    held: split,
    source: { kind: 'made', text: 'Pairs.' },
  }
}

const backends = ['webgpu', 'wasm', 'cpu'] as const

it('BERT learns pairs alike on every backend, moves both segments, and measures F1', async () => {
  const experiment = experimentOf({ ...smallBert, method: 'dense', 'training.steps': 4, 'training.dropout': 0 })
  const ends = []
  for (const backend of backends) {
    const losses: number[] = []
    const session = await openSession(experiment, {
      host: nodeHost({ dataDir: 'no-such-folder' }),
      gpu: backend === 'webgpu' ? dawn() : undefined,
      backend,
      allowSoftware: true,
      wasm: '',
      signal: new AbortController().signal,
      emit: (event) => {
        if (event.type === 'steps') losses.push(...event.steps.map(({ loss }) => loss))
      },
      load: () => Promise.resolve(pairs(64)),
    })
    const { executor } = session
    const segments = executor.layout.tensors.find(({ name }) => name === 'embed/segments')!
    const read = async () =>
      Float32Array.from((await executor.weights()).subarray(segments.offset, segments.offset + segments.size))
    const before = await read()
    while (session.step < 4) {
      await session.advance(4 - session.step)
      await session.settle()
    }
    const moved = (await read()).map((w, i) => Math.abs(w - before[i]!))
    expect(Math.min(Math.max(...moved.subarray(0, 8)), Math.max(...moved.subarray(8)))).toBeGreaterThan(1e-4)
    const end = (await session.result()).evaluations.at(-1)
    expect(end?.f1).toBeGreaterThanOrEqual(0)
    ends.push({ losses, loss: end?.loss ?? NaN })
    session.dispose()
  }
  const [gpu, ...others] = ends
  expect(gpu?.losses).toHaveLength(4)
  for (const { losses, loss } of others) {
    losses.forEach((value, i) => expect(value).toBeCloseTo(gpu?.losses[i] ?? NaN, 4))
    expect(loss).toBeCloseTo(gpu?.loss ?? NaN, 4)
  }
})

it('a model of pairs has the tensors of a model of sentences, in the same places', () => {
  const values = experimentOf(smallBert).model.values as Parameters<typeof miniBert.tensors>[0]
  const { input } = pairs(4)
  const single = { task: 'text', vocabulary: 10, length: 8, classes: 2 } as const
  expect(placeTensors(miniBert.tensors(values, input))).toEqual(placeTensors(miniBert.tensors(values, single)))
  const batch = makeBatch(pairs(4), 2) as TextBatch
  batchReader(pairs(4), { batch: 2, seed: 1, augment: 'none' }).readTrain(0, batch)
  expect(batch.ids).toHaveLength(16)
})
