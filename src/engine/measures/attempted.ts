import type { Answer, Attempt, Attempted, Read, Seen } from '../../core/attempt'
import type { Examples } from '../../core/dataset'
import { Problem } from '../../core/problem'
import { makeBatch, type Batch } from '../../data/batches'
import { encoder, specials } from '../../data/wordpiece'
import type { Executor } from '../executor/executor'
import { attentionOf } from './attentionOf'
import { heldLogits } from './heldLogits'
import { highest } from './quality'

/** A model at rest, and what it learnt from. */
interface Subject {
  readonly executor: Executor
  readonly examples: Examples
  /** Examples of a batch. */
  readonly size: number
  /** Pixels of a side of the parts that the model cuts images into, maybe a fraction; undefined where it cuts none. */
  readonly patch: number | undefined
}

/** One example as bytes of an image or ids of a text. */
type Row = Uint8Array | Int32Array

const [unknown, begin, separator] = [specials.indexOf('[UNK]'), specials.indexOf('[CLS]'), specials.indexOf('[SEP]')]

/** What the model makes of an example, and which parts of it that rests on; the weights must not change meanwhile. */
export async function attempted(subject: Subject, asked: Attempt): Promise<Attempted> {
  try {
    return { answer: await answerOf(subject, asked) }
  } catch (error) {
    return { problem: Problem.from(error).toJSON() }
  }
}

async function answerOf(subject: Subject, asked: Attempt): Promise<Answer> {
  const { examples } = subject
  const { classes, held } = examples
  const index = asked.kind === 'held' ? await indexOf(subject, asked) : null
  const row = index === null ? ownRow(examples, asked) : heldRow(examples, index)
  const read = readOf(subject, row)
  const hidden = partsHidden(examples, row, read)
  const all = await probabilitiesOf(subject, [row, ...hidden.map(({ row: one }) => one)])
  const probabilities = all[0] ?? []
  const given = highest(probabilities)
  const influence = new Array<number>(read.kind === 'image' ? read.rows * read.columns : read.pieces.length).fill(0)
  hidden.forEach(({ part }, i) => {
    influence[part] = (probabilities[given] ?? 0) - (all[i + 1]?.[given] ?? 0)
  })
  const [batch] = batchesOf(examples, subject.size, [row])
  const wanted = asked.attention && batch
  const attention = wanted && (await attentionOf(subject.executor, batch, read, asked.attention))
  return {
    index,
    classes,
    probabilities,
    given,
    right: index === null ? null : (held.labels[index] ?? null),
    read,
    influence,
    ...(attention ? { attention } : {}),
  }
}

/** The held-out example that is meant. @throws Problem where the model gets none wrong */
async function indexOf(
  { executor, examples, size }: Subject,
  { index, wrong }: Extract<Attempt, { kind: 'held' }>,
): Promise<number> {
  const { count, labels } = examples.held
  const within = (i: number) => ((i % count) + count) % count
  if (!wrong) return within(index)
  const logits = await heldLogits(executor, examples, size)
  const { classes } = examples.input
  for (let i = 0; i < count; i++) {
    const row = within(index + i)
    if (highest(logits.subarray(row * classes, (row + 1) * classes)) !== labels[row]) return row
  }
  throw new Problem('The model gets every held-out example right.', 'Look at the next one instead.')
}

/** A held-out example for a person's eyes. */
export function seenExample(examples: Examples, index: number): Seen {
  const { held, input } = examples
  if (held.task === 'text') return { kind: 'text', text: held.texts[index] ?? '' }
  const [height, width, channels] = input.task === 'image' ? input.shape : [0, 0, 3]
  return { kind: 'image', height, width, rgb: rgbOf(heldRow(examples, index), height * width, channels) }
}

function heldRow({ held, input }: Examples, index: number): Row {
  if (held.task === 'text') {
    const length = input.task === 'text' ? input.length : 0
    return held.ids.slice(index * length, (index + 1) * length)
  }
  const size = input.task === 'image' ? input.shape.reduce((a, b) => a * b, 1) : 0
  return held.pixels.slice(index * size, (index + 1) * size)
}

/** @throws Problem where it is not what the model reads */
function ownRow({ input, vocabulary }: Examples, asked: Attempt): Row {
  if (asked.kind === 'text' && input.task === 'text' && vocabulary) {
    if (asked.text.trim() === '') throw new Problem('There is no text to read.', 'Write a sentence.')
    const ids = new Int32Array(input.length)
    encoder(vocabulary, input.length)(asked.text, ids, 0, input.pairs ? (asked.second ?? '') : undefined)
    return ids
  }
  if (asked.kind === 'image' && input.task === 'image') {
    const [height, width, channels] = input.shape
    if (asked.rgb.length !== height * width * 3)
      throw new Problem(
        `The picture has ${asked.rgb.length} bytes, and the model reads ${height} x ${width} pixels.`,
        'Choose the picture again.',
      )
    return channels === 3 ? asked.rgb.slice() : asked.rgb.filter((_, i) => i % 3 === 0)
  }
  throw new Problem(`The model of this run reads no ${asked.kind}.`, 'Take a held-out example instead.')
}

function readOf({ examples: { input, vocabulary }, patch }: Subject, row: Row): Read {
  if (input.task === 'text') {
    const end = row.findLastIndex((id) => id !== 0) + 1
    const pieces = Array.from(row.subarray(0, end), (id) => vocabulary?.[id] ?? String(id))
    return { kind: 'text', pieces, pairs: input.pairs ?? false }
  }
  const [height, width, channels] = input.shape
  const side = Math.max(1, patch ?? Math.ceil(height / 8))
  const rgb = rgbOf(row, height * width, channels)
  return { kind: 'image', height, width, rgb, rows: Math.ceil(height / side), columns: Math.ceil(width / side) }
}

function rgbOf(row: Row, pixels: number, channels: number): Uint8Array {
  return Uint8Array.from({ length: pixels * 3 }, (_, i) =>
    Number(row[channels === 3 ? i : Math.floor(i / 3) * channels]),
  )
}

interface Hidden {
  readonly part: number
  readonly row: Row
}

/** The example once for each of its parts, with that part hidden: a patch becomes grey, a word piece [UNK]. */
function partsHidden({ input, normalise }: Examples, row: Row, read: Read): Hidden[] {
  if (read.kind === 'text')
    return read.pieces.flatMap((_, part) => {
      if (row[part] === begin || row[part] === separator) return []
      const without = row.slice()
      without[part] = unknown
      return [{ part, row: without }]
    })
  const channels = input.task === 'image' ? input.shape[2] : 3
  const { height, width, rows, columns } = read
  // Parts of whole pixels, for a patch of a scaled image is a fraction of them.
  const from = (part: number, parts: number, pixels: number) => Math.round((part * pixels) / parts)
  const grey = Array.from({ length: channels }, (_, c) => Math.round(255 * (normalise?.mean[c] ?? 0.5)))
  return Array.from({ length: rows * columns }, (_, part) => {
    const without = row.slice()
    const [r, c] = [Math.floor(part / columns), part % columns]
    for (let y = from(r, rows, height); y < from(r + 1, rows, height); y++)
      for (let x = from(c, columns, width); x < from(c + 1, columns, width); x++)
        without.set(grey, (y * width + x) * channels)
    return { part, row: without }
  })
}

/** Probabilities of the classes for each row. */
async function probabilitiesOf({ executor, examples, size }: Subject, rows: readonly Row[]): Promise<number[][]> {
  const logits = await executor.evaluate(batchesOf(examples, size, rows))
  const { classes } = examples.input
  return rows.map((_, i) => softmax([...logits.subarray(i * classes, (i + 1) * classes)]))
}

function* batchesOf(examples: Examples, size: number, rows: readonly Row[]): Iterable<Batch> {
  for (let from = 0; from < rows.length; from += size) {
    const batch = makeBatch(examples, size)
    batch.labels.fill(-1)
    rows.slice(from, from + size).forEach((row, i) => {
      batch.labels[i] = 0
      ;(batch.task === 'text' ? batch.ids : batch.pixels).set(row, i * row.length)
    })
    yield batch
  }
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits)
  const shares = logits.map((logit) => Math.exp(logit - top))
  const sum = shares.reduce((a, b) => a + b, 0)
  return shares.map((share) => share / sum)
}
