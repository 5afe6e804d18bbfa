import { describe, expect, it } from 'vitest'
import { sst2 } from './sst2'
import { cifarParquet, counting, fakeHost, file, loading, sstParquet } from './testing'

const values = { train: 300, held: 100, vocabulary: 300, length: 8, revision: 'main' }

function origin(train: ArrayBuffer = sstParquet(400), files: Parameters<typeof fakeHost>[0] = {}) {
  const validation = sstParquet(100)
  return fakeHost({
    origin: (path) => Promise.resolve(counting(path.includes('train') ? train : validation)),
    ...files,
  })
}

describe('SST-2', () => {
  it('gives sentences, labels and ids under a vocabulary learnt from the training sentences', async () => {
    const examples = await sst2.load(values, loading(origin()))
    const { train, vocabulary = [] } = examples
    if (train.task !== 'text') throw new Error('not text')
    expect(train.texts[12]).toBe('fine film ')
    expect([...train.ids.subarray(12 * 8, 13 * 8)].map((id) => vocabulary[id])).toEqual([
      '[CLS]',
      'fine',
      'film',
      '[SEP]',
      '[PAD]',
      '[PAD]',
      '[PAD]',
      '[PAD]',
    ])
    expect([...train.labels.subarray(0, 4)]).toEqual([0, 1, 0, 1])
    expect(examples.input).toEqual({ task: 'text', vocabulary: vocabulary.length, length: 8, classes: 2 })
    expect(examples.source.text).toBe(
      `SST-2, 300 training and 100 held-out sentences from this page's own origin. `
        + `Vocabulary of ${vocabulary.length} pieces learnt from the training sentences.`,
    )
  })

  it("uses a vocab.txt among the user's files, and says how much it cannot spell", async () => {
    const files = [file('stuff/vocab.txt', '[UNK]\nfine\nfilm\n')]
    const examples = await sst2.load(values, loading(origin(undefined, { files })))
    expect(examples.vocabulary).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'fine', 'film'])
    expect(examples.source.text).toMatch(/6 pieces from vocab\.txt, which cannot spell \d+ % of the words\.$/)
  })

  it.each([
    ['other columns', cifarParquet(3), 'has the columns "img", "label"; SST-2 needs "sentence", "label"'],
    [
      'labels without meaning',
      sstParquet(300, {}, (i) => (i === 7 ? -1n : 0n)),
      'Row 7 of data/sst2/train.parquet has the label -1; classes are 0 to 1.',
    ],
    ['no rows', sstParquet(0), 'data/sst2/train.parquet has no rows'],
  ])('is a Problem for %s', async (_, train, what) => {
    await expect(sst2.load(values, loading(origin(train)))).rejects.toThrow(what)
  })
})
