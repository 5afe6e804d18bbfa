import { describe, expect, it } from 'vitest'
import type { Examples } from '../core/dataset'
import { defaults } from '../core/knob'
import { Problem } from '../core/problem'
import { dropped } from './dropped'
import { mrpc } from './mrpc'
import { rte } from './rte'
import { counting, fakeHost, file, loading, pairParquet } from './testing'
import { cutInTurns } from './wordpiece'

const values = { train: 120, held: 100, vocabulary: 300, length: 12, revision: 'main' }
const origin = () => loading(fakeHost({ origin: () => Promise.resolve(counting(pairParquet(120))) }))

function pieces({ train, vocabulary = [] }: Examples, row: number, length = 12): string {
  if (train.task !== 'text') throw new Error('not text')
  return Array.from(train.ids.subarray(row * length, (row + 1) * length), (id) => vocabulary[id]).join(' ')
}

describe('sentence pairs', () => {
  it('are [CLS] a [SEP] b [SEP], cut in turns from the longer one', async () => {
    const examples = await mrpc.load(values, origin())
    expect(examples.input).toMatchObject({ task: 'text', length: 12, classes: 2, pairs: true })
    // Of twelve places nine are left for words: "a dull film ." keeps its four, the second sentence five of its nine.
    expect(pieces(examples, 3)).toBe('[CLS] a dull film . [SEP] the plot , the cast [SEP]')
    const long = await mrpc.load({ ...values, length: 20 }, origin())
    expect(pieces(long, 3, 20)).toMatch(/^\[CLS\] a dull film \. \[SEP\] the plot .* end \. \[SEP\] \[PAD\]/)
  })

  it('of MRPC say of which class F1 is, those of RTE do not', async () => {
    const [paraphrases, entailments] = [await mrpc.load(values, origin()), await rte.load(values, origin())]
    expect(paraphrases.classes[paraphrases.positive ?? -1]).toBe('equivalent')
    expect(entailments.classes).toEqual(['entailment', 'not_entailment'])
    expect(entailments).not.toHaveProperty('positive')
    expect(entailments.source.text).toContain('RTE, 120 training and 100 held-out sentence pairs')
  })

  it('of MRPC have F1 of equivalent, whatever its number in the file', async () => {
    const huggingface = {
      info: { features: { label: { names: ['equivalent', 'not_equivalent'], _type: 'ClassLabel' } } },
    }
    const bytes = pairParquet(120, { kvMetadata: [{ key: 'huggingface', value: JSON.stringify(huggingface) }] })
    const { classes, positive } = await mrpc.load(
      values,
      loading(fakeHost({ origin: () => Promise.resolve(counting(bytes)) })),
    )
    expect([classes, positive]).toEqual([['equivalent', 'not_equivalent'], 0])
  })

  it.each([
    [4, 9, 9, [4, 5]],
    [9, 4, 9, [5, 4]],
    // Of equally long ones the second, as BERT does.
    [7, 7, 9, [5, 4]],
    [7, 8, 8, [4, 4]],
    [3, 3, 9, [3, 3]],
    [20, 0, 5, [5, 0]],
  ])('%i and %i pieces in the room of %i', (first, second, most, left) => {
    expect(cutInTurns(first, second, most)).toEqual(left)
  })
})

describe("GLUE's own tables", () => {
  const load = (files: Readonly<Record<string, string>>) => {
    const host = fakeHost({ files: Object.entries(files).map(([name, text]) => file(name, text)) })
    return dropped.load({ ...defaults(dropped.knobs), vocabulary: 300, length: 16 }, loading(host))
  }
  const lines = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('')
  /** As GLUE's download leaves MRPC: a byte order mark, and quotes that are text, even where they never close. */
  const paraphrases = (count: number) =>
    '\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\n'
    + lines(count, (i) => `${i % 2}\t${i}\t${i}\t" He said ${i} .\tShe said " no ${i} .\n`)
  const entailments = (count: number) =>
    'index\tsentence1\tsentence2\tlabel\n'
    + lines(count, (i) => `${i}\tIt "rains.\tIt is wet.\t${i % 2 ? '' : 'not_'}entailment\n`)

  it('of MRPC give pairs, names of classes and F1', async () => {
    const examples = await load({ 'MRPC/train.tsv': paraphrases(60), 'MRPC/dev.tsv': paraphrases(30) })
    expect([examples.train.count, examples.held.count]).toEqual([60, 30])
    expect(examples.input).toMatchObject({ pairs: true, classes: 2 })
    expect(examples.classes).toEqual(['equivalent', 'not_equivalent'])
    expect(examples.positive).toBe(0)
    expect(pieces(examples, 1, 16)).toMatch(/^\[CLS\] " he said .* \. \[SEP\] she said " no .* \. \[SEP\]/)
    // Every pair is told by the number in it; odd ones mean the same, which is class 0.
    const { train } = examples
    if (train.task !== 'text') throw new Error('not text')
    train.texts.forEach((text, i) => {
      const number = /^" He said (\d+) \.$/.exec(text)?.[1]
      expect(number).toBeDefined()
      expect(train.labels[i]).toBe(Number(number) % 2 ? 0 : 1)
    })
  })

  it('of RTE give pairs without F1', async () => {
    const examples = await load({ 'RTE/train.tsv': entailments(60), 'RTE/dev.tsv': entailments(30) })
    expect(examples.input).toMatchObject({ pairs: true, classes: 2 })
    expect(examples.classes).toEqual(['entailment', 'not_entailment'])
    expect(examples.source.text).toContain('60 training and 30 held-out pairs;')
    expect(examples.source.text).not.toContain('are cut')
    expect(examples).not.toHaveProperty('positive')
  })

  it('say how many pairs are longer than the model reads, where many are', async () => {
    const long = (i: number) => `${i}\tIt rains.\tIt ${i % 4 ? 'is' : 'is '.repeat(20)}wet.\t${i % 2}\n`
    const header = 'index\tsentence1\tsentence2\tlabel\n'
    const { source } = await load({ 'train.tsv': header + lines(60, long), 'dev.tsv': header + lines(20, long) })
    expect(source.text).toMatch(/ 25 % of the pairs are cut at 16 tokens\.$/)
  })

  it.each([
    [
      'QQP',
      'id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n',
      (i: number) => `${i}\t1\t2\tWhy ${i}?\tHow?\t${i % 2}\n`,
    ],
    ['SNLI', 'index\tpremise\thypothesis\tgold_label\n', (i: number) => `${i}\tIt rains.\tIt is wet.\t${i % 2}\n`],
  ])('of %s have their labels under a name of their own', async (_, header, line) => {
    const examples = await load({ 'train.tsv': header + lines(60, line) })
    expect(examples.input).toMatchObject({ pairs: true, classes: 2 })
    expect(examples.classes).toEqual(['0', '1'])
  })

  it('are pairs even where only the held-out ones have a second sentence', async () => {
    const row = (second: string) => (i: number) => `${i}\tIt rains.\t${second}\t${i % 2}\n`
    const header = 'index\tsentence1\tsentence2\tlabel\n'
    const examples = await load({
      'train.tsv': header + lines(60, row('')),
      'dev.tsv': header + lines(30, row('It is wet.')),
    })
    expect(examples.input).toMatchObject({ pairs: true })
    expect(pieces(examples, 0, 16)).toMatch(/^\[CLS\] it .* \[SEP\] \[SEP\] \[PAD\]/)
  })

  it('with a line that lacks its second sentence are a Problem that names the line', async () => {
    const broken = `${entailments(60)}60\tIt rains.\n`
    await expect(load({ 'train.tsv': broken })).rejects.toThrow(
      'Line 62 of train.tsv has 2 fields; the texts should be fields 2 and 3 and the label field 4.',
    )
  })
})

describe('pairs in files of your own', () => {
  const row = (i: number) => ({ sentence1: `It rains ${i}.`, sentence2: `It is wet ${i}.`, label: i % 2 })
  const jsonLines = (of: (i: number) => object) =>
    Array.from({ length: 60 }, (_, i) => JSON.stringify(of(i))).join('\n')
  const load = (name: string, content: string | ArrayBuffer) =>
    dropped.load(
      { ...defaults(dropped.knobs), vocabulary: 300, length: 12 },
      loading(fakeHost({ files: [file(name, content)] })),
    )

  it.each([
    ['Parquet', 'a.parquet', pairParquet(60), /^\[CLS\] a \w+ film \. \[SEP\] the plot , the cast \[SEP\]$/],
    ['JSON lines', 'a.jsonl', jsonLines(row), /^\[CLS\] it .* \[SEP\] it .* \[SEP\]/],
  ])('are read from %s', async (_, name, content, expected) => {
    const examples = await load(name, content)
    expect(examples.input).toMatchObject({ pairs: true, classes: 2 })
    expect(pieces(examples, 0)).toMatch(expected)
  })

  it('that lack a second text are a Problem that names the place', async () => {
    await expect(
      load(
        'a.jsonl',
        jsonLines((i) => ({ ...row(i), ...(i === 3 && { sentence2: 5 }) })),
      ),
    ).rejects.toThrow(
      new Problem(
        'Line 4 of a.jsonl has no text under "sentence2".',
        'Give every line "sentence1", "sentence2" and "label", two texts and one class, or remove it.',
      ),
    )
  })

  it("keep numbers as names of classes where a column is called quality and the table is not MRPC's", async () => {
    const ratings = Array.from({ length: 60 }, (_, i) => `text ${i},${(i % 5) + 1}\n`).join('')
    expect((await load('a.csv', `text,quality\n${ratings}`)).classes).toEqual(['1', '2', '3', '4', '5'])
  })
})
