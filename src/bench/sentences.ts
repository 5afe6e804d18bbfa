import type { Examples, Split } from '../core/dataset'
import { randomStream } from '../core/random'

/** First id after [PAD], [UNK], [CLS] and [SEP]. */
const firstWord = 4

/**
 * Sentences without words: ids in [4, vocabulary) with Zipf's frequencies, from a quarter to the whole of `length`
 * tokens long, [CLS] in front, [SEP] after, 0 as padding. The label says whether most ids are even.
 */
export function sentences(count: number, vocabulary: number, length: number): Examples {
  const train = written(count, vocabulary, length, 0)
  const held = written(1, vocabulary, length, count)
  const source = { kind: 'made', text: `${count} sentences of made-up words.` } as const
  return { input: { task: 'text', vocabulary, length, classes: 2 }, classes: ['odd', 'even'], train, held, source }
}

function written(count: number, vocabulary: number, length: number, lane: number): Split {
  const ids = new Int32Array(count * length)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) labels[i] = write(ids.subarray(i * length, (i + 1) * length), vocabulary, lane + i)
  return { task: 'text', count, ids, labels, texts: Array.from({ length: count }, () => '') }
}

function write(row: Int32Array, vocabulary: number, lane: number): number {
  const random = randomStream(1, 'data', lane)
  const words = Math.max(1, Math.ceil(row.length * (0.25 + 0.75 * random.next())) - 2)
  let even = 0
  row[0] = 2
  for (let i = 1; i <= words; i++) {
    // Zipf: the density of rank r is 1 / r, so ranks are spread evenly on a logarithmic scale.
    const rank = Math.floor((vocabulary - firstWord) ** random.next()) - 1
    row[i] = firstWord + rank
    if (rank % 2 === 0) even++
  }
  row[words + 1] = 3
  return even * 2 > words ? 1 : 0
}
