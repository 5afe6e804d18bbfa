import type { Examples, Split } from '../core/dataset'
import type { Corruption } from '../core/maskCheck'
import { randomStream, type RandomStream } from '../core/random'
import { rowsOf } from './rows'

/**
 * Examples with a spoilt training split, to check that scoring depends on the data (Su et al., arXiv:2009.11094):
 * random labels, inputs in an order of their own for each example, or half of the examples. The held-out split stays.
 */
export function corrupted(examples: Examples, kind: Corruption, seed: number): Examples {
  const random = randomStream(seed, 'checks')
  const { train } = examples
  switch (kind) {
    case 'labels':
      return { ...examples, train: { ...train, labels: randomLabels(examples, random) } }
    case 'inputs':
      return { ...examples, train: shuffledInputs(examples, random) }
    case 'half':
      return {
        ...examples,
        train: rowsOf(train, random.permutation(train.count).subarray(0, Math.ceil(train.count / 2))),
      }
  }
  return kind satisfies never
}

/** Uniform over the classes, even where their shares were not. */
function randomLabels({ train, input }: Examples, random: RandomStream): Uint8Array {
  return Uint8Array.from(train.labels, () => random.below(input.classes))
}

function shuffledInputs({ train, input }: Examples, random: RandomStream): Split {
  if (train.task === 'text') return { ...train, ids: shuffledWords(train.ids, train.count, random) }
  const channels = input.task === 'image' ? input.shape[2] : 1
  return { ...train, pixels: shuffledPixels(train.pixels, train.count, channels, random) }
}

/** Pixels change places within their image, all channels together. @param pixels [count, ..., channels] */
function shuffledPixels(pixels: Uint8Array, count: number, channels: number, random: RandomStream): Uint8Array {
  const size = pixels.length / Math.max(1, count)
  const out = new Uint8Array(pixels.length)
  for (let row = 0; row < count; row++) {
    random.permutation(size / channels).forEach((from, to) => {
      for (let c = 0; c < channels; c++)
        out[row * size + to * channels + c] = pixels[row * size + from * channels + c] ?? 0
    })
  }
  return out
}

/** Ids that mark places in a sentence and stand for no word: [PAD], [CLS], [SEP]. */
const marks: readonly number[] = [0, 2, 3]

/**
 * Words change places within their sentence; the marks of its beginning, end and padding stay. @param ids [count,
 * length]
 */
function shuffledWords(ids: Int32Array, count: number, random: RandomStream): Int32Array {
  const out = ids.slice()
  const length = ids.length / Math.max(1, count)
  for (let row = 0; row < count; row++) {
    const places = Array.from({ length }, (_, i) => row * length + i).filter((at) => !marks.includes(ids[at] ?? 0))
    random.permutation(places.length).forEach((from, to) => {
      out[places[to] ?? 0] = ids[places[from] ?? 0] ?? 0
    })
  }
  return out
}
