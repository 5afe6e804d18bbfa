import type { Examples, Split } from '../core/dataset'
import type { InputSpec } from '../core/model'
import { randomStream, streams, uniform } from '../core/random'
import { imageNumbers, levelsOf, motionLength, type ImageBatch, type Motion } from './pixels'

/**
 * Batches as pure functions: what training step t sees depends on the examples, the seed and t alone. Nothing here
 * keeps a position, so a resumed run, a second reader or an evaluation never changes what training sees.
 */

/** Token ids of a batch. */
export interface TextBatch {
  readonly task: 'text'
  /** [batch, length], 0 is padding. */
  readonly ids: Int32Array
  /** [batch], -1 is padding. */
  readonly labels: Int32Array
}

/** One batch of raw examples. */
export type Batch = ImageBatch | TextBatch

/** What a model sees of a batch: float32 [batch, h, w, c], augmented and normalised, or int32 ids [batch, length]. */
export function batchNumbers(batch: Batch, input: InputSpec): Float32Array | Int32Array {
  if (batch.task === 'text') return batch.ids
  if (input.task !== 'image') throw new TypeError('Images for a model that reads text.')
  return imageNumbers(batch, input.shape)
}

export interface BatchOptions {
  /** How many examples a step sees. */
  readonly batch: number
  /** Seed of the experiment; orders and augmentations have streams of their own. */
  readonly seed: number
  /** Images only: `none`, `mirror` (half the time), or `shift` (mirror and random shift). Text ignores it. */
  readonly augment: string
}

/** The training split without end: every epoch is a new order of all examples, and a batch may cross its end. */
export interface TrainReader {
  readonly stepsPerEpoch: number
  /**
   * Fills `into` (from `makeBatch`) with the batch of 0-based training step `step` and returns it; allocates only when
   * an epoch begins.
   */
  readTrain(step: number, into: Batch): Batch
}

/** The held-out split in its order. */
export interface HeldReader {
  readonly batches: number
  /** Fills `into` with held-out batch `index`; the last batch is filled up with zeros and label -1. */
  readHeld(index: number, into: Batch): void
}

/** An empty batch of the right size for these examples. */
export function makeBatch(examples: Examples, batch: number): Batch {
  const size = batch * rowSize(examples)
  const labels = new Int32Array(batch)
  if (examples.input.task === 'text') return { task: 'text', ids: new Int32Array(size), labels }
  return {
    task: 'image',
    // Rounded up to whole words, as WebGPU writes them.
    pixels: new Uint8Array(Math.ceil(size / 4) * 4),
    motions: new Int32Array(batch * motionLength),
    levels: levelsOf(examples, examples.input.shape[2]),
    labels,
  }
}

/** Reads training batches; see `TrainReader`. */
export function batchReader(examples: Examples, options: BatchOptions): TrainReader {
  const { batch, seed } = options
  const split = examples.train
  const order = epochOrder(split.count, seed)
  const write = rowWriter(examples, split)
  const motion = motionOf(examples, options)
  return {
    stepsPerEpoch: Math.ceil(split.count / batch),
    readTrain(step, into) {
      for (let i = 0; i < batch; i++) {
        const position = step * batch + i
        const row = order(position)
        into.labels[i] = split.labels[row] ?? -1
        write(row, into, i, motion(position))
      }
      return into
    },
  }
}

/** Reads held-out batches; see `HeldReader`. */
export function heldBatches(examples: Examples, batch: number): HeldReader {
  const split = examples.held
  const write = rowWriter(examples, split)
  const { input } = examples
  const outside: Motion = { down: input.task === 'image' ? input.shape[0] : 0, right: 0, mirror: false }
  return {
    batches: Math.ceil(split.count / batch),
    readHeld(index, into) {
      for (let i = 0; i < batch; i++) {
        const row = index * batch + i
        into.labels[i] = split.labels[row] ?? -1
        // After the last example: an image that is moved out of sight, or a sentence of padding only.
        write(row, into, i, row < split.count ? still : outside)
      }
    },
  }
}

const still: Motion = { down: 0, right: 0, mirror: false }

/** CIFAR's usual augmentation shifts by up to 4 of 32 pixels; smaller images move in proportion. */
function motionOf(examples: Examples, { augment, seed }: BatchOptions): (position: number) => Motion {
  const { input } = examples
  if (augment === 'none' || input.task !== 'image') return () => still
  const reach = augment === 'shift' ? Math.min(4, Math.floor(input.shape[0] / 8)) : 0
  const draw = (position: number, which: number) => uniform(seed, streams.augmentation, position * 3 + which)
  return (position) => ({
    down: Math.floor(draw(position, 0) * (2 * reach + 1)) - reach,
    right: Math.floor(draw(position, 1) * (2 * reach + 1)) - reach,
    mirror: draw(position, 2) < 0.5,
  })
}

/** Row at a position of the endless stream of epochs; keeps the two orders that a batch across an epoch's end needs. */
function epochOrder(count: number, seed: number): (position: number) => number {
  const kept = new Map<number, Uint32Array>()
  return (position) => {
    const epoch = Math.floor(position / count)
    let order = kept.get(epoch)
    if (!order) {
      if (kept.size > 1) kept.clear()
      order = randomStream(seed, 'order', epoch).permutation(count)
      kept.set(epoch, order)
    }
    return order[position % count] as number
  }
}

/** Puts a row of a split into a slot of a batch; a row past the end is zeros. */
type RowWriter = (row: number, into: Batch, slot: number, motion: Motion) => void

function rowWriter(examples: Examples, split: Split): RowWriter {
  const size = rowSize(examples)
  return (row, into, slot, { down, right, mirror }) => {
    if (split.task === 'text' && into.task === 'text') copyRow(split.ids, row, into.ids, slot, size)
    if (split.task === 'text' || into.task === 'text') return
    copyRow(split.pixels, row, into.pixels, slot, size)
    into.motions.set([down, right, mirror ? 1 : 0], slot * motionLength)
  }
}

function copyRow<Row extends Uint8Array | Int32Array>(
  from: Row,
  row: number,
  to: Row,
  slot: number,
  size: number,
): void {
  const found = from.subarray(row * size, (row + 1) * size)
  to.set(found, slot * size)
  to.fill(0, slot * size + found.length, (slot + 1) * size)
}

function rowSize({ input }: Examples): number {
  return input.task === 'image' ? input.shape[0] * input.shape[1] * input.shape[2] : input.length
}
