import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Examples } from '../core/dataset'
import { batchNumbers, batchReader, heldBatches, makeBatch } from './batches'
import { channelStatistics } from './pixels'

/** Four images of 8 x 8 x 1; every pixel of image n is 10 n, but the top left one, which is 200. */
function images(count: number): Examples {
  const pixels = Uint8Array.from({ length: count * 64 }, (_, i) => (i % 64 === 0 ? 200 : 10 * Math.floor(i / 64)))
  const split = { task: 'image', count, pixels, labels: Uint8Array.from({ length: count }, (_, i) => i) } as const
  return {
    input: { task: 'image', shape: [8, 8, 1], classes: count },
    classes: [],
    train: split,
    held: split,
    source: { kind: 'made', text: '' },
    normalise: { mean: [0.5], deviation: [0.25] },
  }
}

/** Sentences of two tokens; sentence n is [2, n + 4]. */
function sentences(count: number): Examples {
  const ids = Int32Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? 2 : 4 + (i - 1) / 2))
  const split = {
    task: 'text',
    count,
    ids,
    labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
    texts: [],
  } as const
  return {
    input: { task: 'text', vocabulary: 99, length: 2, classes: 2 },
    classes: [],
    train: split,
    held: split,
    source: { kind: 'made', text: '' },
  }
}

const off = { seed: 1, augment: 'none' }

describe('training batches', () => {
  it('give every example once an epoch, in another order each epoch', () => {
    const examples = sentences(10)
    const reader = batchReader(examples, { ...off, batch: 5 })
    const into = makeBatch(examples, 5)
    const epoch = (n: number) =>
      [0, 1].flatMap((i) => {
        reader.readTrain(n * 2 + i, into)
        return [...batchNumbers(into, examples.input)].filter((_, k) => k % 2 === 1)
      })
    expect(reader.stepsPerEpoch).toBe(2)
    expect([...epoch(0)].sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    expect([...epoch(1)].sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    expect(epoch(1)).not.toEqual(epoch(0))
  })

  it('depend on seed and step alone, whatever was read before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.array(fc.nat(300)),
        fc.integer({ min: 1, max: 9 }),
        (seed, step, before, batch) => {
          const examples = images(7)
          const options = { seed, batch, augment: 'shift' }
          const fresh = makeBatch(examples, batch)
          batchReader(examples, options).readTrain(step, fresh)
          const used = makeBatch(examples, batch)
          const reader = batchReader(examples, options)
          for (const other of before) reader.readTrain(other, used)
          reader.readTrain(step, used)
          expect(used).toEqual(fresh)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('run on across the end of an epoch that the batch does not divide, and hold more than one if asked', () => {
    const examples = sentences(3)
    const into = makeBatch(examples, 7)
    batchReader(examples, { ...off, batch: 7 }).readTrain(0, into)
    const rows = [...batchNumbers(into, examples.input)].filter((_, k) => k % 2 === 1)
    expect(new Set(rows.slice(0, 3)).size).toBe(3)
    expect(new Set(rows.slice(3, 6)).size).toBe(3)
  })

  it('normalise: (200 / 255 - 0.5) / 0.25 = 1.137255', () => {
    const examples = images(4)
    const into = makeBatch(examples, 4)
    batchReader(examples, { ...off, batch: 4 }).readTrain(0, into)
    expect(batchNumbers(into, examples.input)[0]).toBeCloseTo(1.137255, 5)
  })

  it('augment: the marked corner moves by at most one of eight pixels, mirrors, and leaves zeros behind', () => {
    const examples = images(4)
    const into = makeBatch(examples, 4)
    const reader = batchReader(examples, { seed: 3, batch: 4, augment: 'shift' })
    const columns = new Set<number>()
    for (let step = 0; step < 40; step++) {
      reader.readTrain(step, into)
      const numbers = batchNumbers(into, examples.input) as Float32Array
      for (let i = 0; i < 4; i++) {
        const image = numbers.subarray(i * 64, i * 64 + 64)
        const at = image.findIndex((v) => Math.abs(v - 1.137255) < 1e-4)
        if (at < 0) continue
        columns.add(at % 8)
        expect(Math.floor(at / 8)).toBeLessThanOrEqual(1)
        // A corner at row 1 came down by one: the row above it is padding.
        if (at >= 8) expect([...image.subarray(0, 8)]).toEqual(new Array(8).fill(0))
      }
    }
    expect([...columns].sort()).toEqual([0, 1, 6, 7])
  })
})

describe('held-out batches', () => {
  it('come in order; the last is filled up with zeros and label -1', () => {
    const examples = sentences(5)
    const reader = heldBatches(examples, 4)
    const into = makeBatch(examples, 4)
    expect(reader.batches).toBe(2)
    reader.readHeld(0, into)
    expect([...into.labels]).toEqual([0, 1, 0, 1])
    reader.readHeld(1, into)
    expect([...into.labels]).toEqual([0, -1, -1, -1])
    expect([...batchNumbers(into, examples.input)]).toEqual([2, 8, 0, 0, 0, 0, 0, 0])
  })
})

it('images after the last one are zeros', () => {
  const examples = images(3)
  const into = makeBatch(examples, 2)
  // A batch that was in use: what the last image leaves behind must not be seen.
  batchReader(examples, { ...off, batch: 2 }).readTrain(0, into)
  heldBatches(examples, 2).readHeld(1, into)
  const numbers = [...batchNumbers(into, examples.input)]
  // Image 2 is 20 but for its corner: (20 / 255 - 0.5) / 0.25 = -1.686275.
  expect(numbers[1]).toBeCloseTo(-1.686275, 5)
  expect(numbers.slice(64)).toEqual(new Array(64).fill(0))
})

it('channel statistics: 0, 255 in one channel and 51, 51 in the other', () => {
  // Mean (0 + 1) / 2, deviation 1/2; the constant channel gets one grey level.
  const { mean, deviation } = channelStatistics(Uint8Array.of(0, 51, 255, 51), 2)
  expect(mean).toEqual([0.5, expect.closeTo(0.2, 10)])
  expect(deviation).toEqual([0.5, 1 / 255])
})
