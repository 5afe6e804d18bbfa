import { describe, expect, it } from 'vitest'
import { cifar100 } from './cifar100'
import { cifar100Parquet, cifarParquet, counting, fakeHost, loading } from './testing'

const values = { train: 250, held: 100, revision: 'main' }

function origin(train: ArrayBuffer) {
  const test = cifar100Parquet(120)
  return loading(fakeHost({ origin: (path) => Promise.resolve(counting(path.includes('train') ? train : test)) }))
}

describe('CIFAR-100', () => {
  it('gives pixels, fine labels and the names of a hundred classes', async () => {
    const examples = await cifar100.load(values, origin(cifar100Parquet(260)))
    expect(examples.input).toEqual({ task: 'image', shape: [32, 32, 3], classes: 100 })
    const { train, classes, source } = examples
    expect([train.labels[57], train.labels[123], train.labels[249]]).toEqual([57, 23, 49])
    expect([classes[0], classes[57], classes[99]]).toEqual(['apple', 'pear', 'worm'])
    expect(train.task === 'image' && [...train.pixels.subarray(7 * 3072, 7 * 3072 + 3)]).toEqual([7, 14, 21])
    expect(source.text).toBe("CIFAR-100, 250 training and 100 held-out images from this page's own origin.")
  })

  it.each([
    ['CIFAR-10', cifarParquet(3), 'has the columns "img", "label"; CIFAR-100 needs "img.bytes", "fine_label"'],
    [
      'a label that is too high',
      cifar100Parquet(250, (i) => i),
      'Row 100 of data/cifar100/train.parquet has the label 100; classes are 0 to 99.',
    ],
  ])('is a Problem for %s', async (_, train, what) => {
    await expect(cifar100.load(values, origin(train))).rejects.toThrow(what)
  })
})
