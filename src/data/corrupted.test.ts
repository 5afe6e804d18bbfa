import { describe, expect, it } from 'vitest'
import type { Examples } from '../core/dataset'
import { corrupted } from './corrupted'
import { rowsOf, spreadRows } from './rows'

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b)

/** Images of 2 x 3 x 2; channel c of pixel p of image n is 20 n + 2 p + c, so that each byte says where it was. */
function images(count: number): Examples {
  const pixels = Uint8Array.from({ length: count * 12 }, (_, i) => 20 * Math.floor(i / 12) + (i % 12))
  const split = { task: 'image', count, pixels, labels: Uint8Array.from({ length: count }, (_, i) => i % 3) } as const
  return {
    input: { task: 'image', shape: [2, 3, 2], classes: 3 },
    classes: [],
    train: split,
    held: split,
    source: { kind: 'made', text: '' },
  }
}

/** Sentences [CLS] five words [SEP] [PAD]; words of sentence n are 10 n + 10, ... but the second, which is unknown. */
function sentences(count: number): Examples {
  const ids = Int32Array.from({ length: count * 8 }, (_, i) => {
    const at = i % 8
    return at === 0 ? 2 : at === 6 ? 3 : at === 7 ? 0 : at === 2 ? 1 : 10 * Math.floor(i / 8) + 10 + at
  })
  const split = {
    task: 'text',
    count,
    ids,
    labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
    texts: Array.from({ length: count }, (_, i) => `s${i}`),
  } as const
  return {
    input: { task: 'text', vocabulary: 999, length: 8, classes: 2 },
    classes: [],
    train: split,
    held: split,
    source: { kind: 'made', text: '' },
  }
}

describe('corrupted examples', () => {
  it.each(['labels', 'inputs', 'half'] as const)(
    '%s: the held-out split stays, and the same seed corrupts alike',
    (kind) => {
      for (const examples of [images(9), sentences(9)]) {
        const once = corrupted(examples, kind, 5)
        expect(once.held).toBe(examples.held)
        expect(corrupted(examples, kind, 5).train).toEqual(once.train)
        expect(corrupted(examples, kind, 6).train).not.toEqual(once.train)
      }
    },
  )

  it('labels: classes that exist, at random, inputs as they were', () => {
    const examples = images(400)
    const { train } = corrupted(examples, 'labels', 1)
    const counts = [0, 1, 2].map((label) => train.labels.filter((l) => l === label).length)
    expect(counts.reduce((a, b) => a + b)).toBe(400)
    // 133 of each on average, deviation sqrt(400 * 1/3 * 2/3) = 9.4.
    for (const count of counts) expect(Math.abs(count - 133)).toBeLessThan(4 * 9.4)
    // A third stays right by chance.
    const right = train.labels.filter((label, i) => label === examples.train.labels[i]).length
    expect(Math.abs(right - 133)).toBeLessThan(4 * 9.4)
    expect(train.task === 'image' && train.pixels).toBe(examples.train.task === 'image' && examples.train.pixels)
  })

  it('inputs, images: pixels change places within their image, channels together', () => {
    const { train } = corrupted(images(5), 'inputs', 1)
    if (train.task !== 'image') throw new Error('Images became text.')
    const orders = Array.from({ length: 5 }, (_, n) =>
      Array.from({ length: 6 }, (_, p) => {
        const [first, second] = train.pixels.subarray(n * 12 + 2 * p)
        expect(second).toBe(first! + 1)
        return first! - 20 * n
      }),
    )
    for (const order of orders) expect(sorted(order)).toEqual([0, 2, 4, 6, 8, 10])
    // Each image has an order of its own.
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1)
  })

  it('inputs, text: words change places, [CLS], [SEP] and padding do not, an unknown word is a word', () => {
    const examples = sentences(6)
    const { train } = corrupted(examples, 'inputs', 1)
    if (train.task !== 'text' || examples.train.task !== 'text') throw new Error('Text became images.')
    for (let n = 0; n < 6; n++) {
      const [row, before] = [train.ids.subarray(8 * n, 8 * n + 8), examples.train.ids.subarray(8 * n, 8 * n + 8)]
      expect([row[0], row[6], row[7]]).toEqual([2, 3, 0])
      expect(sorted(row)).toEqual(sorted(before))
    }
    expect(train.ids).not.toEqual(examples.train.ids)
    // Where the unknown word is differs.
    expect(
      new Set(Array.from({ length: 6 }, (_, n) => train.ids.subarray(8 * n, 8 * n + 8).indexOf(1))).size,
    ).toBeGreaterThan(1)
  })

  it('half: half of the examples, rounded up, each once and with its own label', () => {
    const { train } = corrupted(images(9), 'half', 1)
    if (train.task !== 'image') throw new Error('Images became text.')
    const rows = Array.from({ length: 5 }, (_, i) => train.pixels[12 * i]! / 20)
    expect(train.count).toBe(5)
    expect(new Set(rows).size).toBe(5)
    expect([...train.labels]).toEqual(rows.map((row) => row % 3))
  })
})

describe('rows', () => {
  it('are copied whole, in the order asked for', () => {
    const split = rowsOf(sentences(4).train, [2, 0])
    expect(split.task === 'text' && [[...split.ids], split.texts]).toEqual([
      [2, 31, 1, 33, 34, 35, 3, 0, 2, 11, 1, 13, 14, 15, 3, 0],
      ['s2', 's0'],
    ])
    expect([...split.labels]).toEqual([0, 0])
  })

  it('are spread evenly where fewer are wanted', () => {
    // 10 rows, 4 wanted: floor(0), floor(2.5), floor(5), floor(7.5); labels are row % 3.
    expect([...spreadRows(images(10).train, 4).labels]).toEqual([0, 2, 2, 1])
    const { train } = images(4)
    expect(spreadRows(train, 4)).toBe(train)
  })
})
