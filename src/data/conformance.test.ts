import { describe, expect, it } from 'vitest'
import type { Dataset, Examples, Split } from '../core/dataset'
import { defaults, type KnobValue, type Values } from '../core/knob'
import { batchNumbers, batchReader, heldBatches, makeBatch } from './batches'
import * as registry from './index'
import { cifar100Parquet, cifarParquet, counting, fakeHost, file, loading, pairParquet, sstParquet } from './testing'

/** Every file that any data set looks for, small. */
const origin: Readonly<Record<string, ArrayBuffer>> = {
  'data/cifar10/train.parquet': cifarParquet(120),
  'data/cifar10/test.parquet': cifarParquet(100),
  'data/cifar100/train.parquet': cifar100Parquet(120),
  'data/cifar100/test.parquet': cifar100Parquet(100),
  'data/mrpc/train.parquet': pairParquet(120),
  'data/mrpc/validation.parquet': pairParquet(100),
  'data/rte/train.parquet': pairParquet(120),
  'data/rte/validation.parquet': pairParquet(100),
  'data/sst2/train.parquet': sstParquet(150),
  'data/sst2/validation.parquet': sstParquet(100),
}
const files = [
  file(
    'mine.csv',
    `text,label\n${Array.from({ length: 90 }, (_, i) => `words ${i},${i % 2 ? 'yes' : 'no'}\n`).join('')}`,
  ),
]
const host = () => fakeHost({ files, origin: (path) => Promise.resolve(origin[path] ? counting(origin[path]) : null) })

/** Defaults, but as few examples as the knobs allow and no vocabulary larger than needed. */
function small(set: Dataset): Values {
  const few: [string, KnobValue][] = ['train', 'held', 'vocabulary']
    .flatMap((name) => {
      const knob = set.knobs[name]
      return knob?.kind === 'number' ? [[name, Math.max(knob.min, 100)] as const] : []
    })
    .map(([name, value]) => [name, value])
  return { ...defaults(set.knobs), ...Object.fromEntries(few) }
}

const sets = Object.entries(registry as unknown as Record<string, Dataset>)

describe.each(sets)('%s', (id, set) => {
  const load = (seed: number) => set.load(small(set), loading(host(), { seed }))

  it('is named, cited, and its knobs start within their ranges', () => {
    expect(set.label).not.toBe('')
    expect(set.cite).toMatch(/\.$|\d{4}$/)
    expect(id).toMatch(/^[a-z][A-Za-z0-9]*$/)
    for (const knob of Object.values(set.knobs)) {
      expect(knob.help).toMatch(/\.$/)
      if (knob.kind !== 'number') continue
      expect(knob.default).toBeGreaterThanOrEqual(knob.min)
      expect(knob.default).toBeLessThanOrEqual(knob.max)
    }
  })

  it('gives splits of the size, range and shape that it announces', async () => {
    const examples = await load(1)
    expect(examples.input.classes).toBe(examples.classes.length)
    expect(examples.source.text).toMatch(/\.$/)
    for (const split of [examples.train, examples.held]) {
      expect(split.task).toBe(examples.input.task)
      expect(split.count).toBeGreaterThan(0)
      expect(split.labels).toHaveLength(split.count)
      expect(split.labels.every((label) => label < examples.classes.length)).toBe(true)
      checkInputs(examples, split)
    }
  })

  it('gives the same for the same seed', async () => {
    const [a, b] = [await load(7), await load(7)]
    expect(inputs(a.train).equals(inputs(b.train))).toBe(true)
    expect(inputs(a.held).equals(inputs(b.held))).toBe(true)
    expect({ ...a, train: a.train.labels, held: a.held.labels }).toEqual({
      ...b,
      train: b.train.labels,
      held: b.held.labels,
    })
  })

  it('gives batches of finite numbers', async () => {
    const examples = await load(1)
    const batch = makeBatch(examples, 16)
    batchReader(examples, { batch: 16, seed: 3, augment: 'shift' }).readTrain(2, batch)
    expect([...batchNumbers(batch, examples.input)].every((value) => Number.isFinite(value))).toBe(true)
    expect(batch.labels.every((label) => label >= 0 && label < examples.classes.length)).toBe(true)
    heldBatches(examples, 16).readHeld(0, batch)
    expect(batchNumbers(batch, examples.input).some((value) => value !== 0)).toBe(true)
  })

  it('reports progress that only grows, and ends where it said', async () => {
    const options = loading(host())
    await set.load(small(set), options)
    const { reports } = options
    reports.slice(1).forEach((report, i) => {
      expect(report.rows).toBeGreaterThanOrEqual(reports[i]!.rows)
      expect(report.bytes).toBeGreaterThanOrEqual(reports[i]!.bytes)
    })
    const last = reports.at(-1)
    expect(last?.rows).toBeGreaterThan(0)
    expect(last?.rows).toBe(last?.rowsTotal)
    expect(last?.bytes).toBe(last?.bytesTotal)
  })

  it('heeds a cancel', async () => {
    const control = new AbortController()
    control.abort()
    await expect(
      set.load({ ...defaults(set.knobs) }, loading(host(), { signal: control.signal })),
    ).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})

function inputs(split: Split): Buffer {
  return split.task === 'image' ? Buffer.from(split.pixels) : Buffer.from(split.ids.buffer)
}

function checkInputs({ input, vocabulary = [] }: Examples, split: Split): void {
  if (input.task === 'image') {
    expect(split.task === 'image' && split.pixels.length).toBe(
      split.count * input.shape[0] * input.shape[1] * input.shape[2],
    )
    return
  }
  if (split.task !== 'text') throw new Error('not text')
  expect(vocabulary.slice(0, 4)).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]'])
  expect(vocabulary).toHaveLength(input.vocabulary)
  expect(split.ids).toHaveLength(split.count * input.length)
  expect(split.texts).toHaveLength(split.count)
  expect(split.ids.every((id) => id >= 0 && id < input.vocabulary)).toBe(true)
  for (let row = 0; row < split.count; row++) {
    const ids = split.ids.subarray(row * input.length, (row + 1) * input.length)
    expect(ids[0]).toBe(2)
    expect(ids.indexOf(3)).toBeGreaterThan(0)
    expect(ids.filter((id) => id === 3)).toHaveLength(input.pairs ? 2 : 1)
    expect(ids.subarray(ids.lastIndexOf(3) + 1).every((id) => id === 0)).toBe(true)
  }
}
