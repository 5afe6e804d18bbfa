import type { Examples, Split } from '../core/dataset'
import { randomStream, streams, uniform } from '../core/random'

/**
 * Batches as pure functions: what training step t sees depends on the examples, the seed and t alone. Nothing here keeps
 * a position, so a resumed run, a second reader or an evaluation never moves training.
 */

/** One batch. Images: float32 [batch, h, w, c], normalised; text: int32 ids [batch, length]. Labels [batch], -1 is padding. */
export interface Batch {
  readonly inputs: Float32Array | Int32Array
  readonly labels: Int32Array
}

export interface BatchOptions {
  /** Examples a step. */
  readonly batch: number
  /** Seed of the experiment; orders and augmentations have streams of their own. */
  readonly seed: number
  /** Images only: `none`, `mirror` (half the time), or `shift` (mirror and random shift). Text ignores it. */
  readonly augment: string
}

/** The training split, endlessly: every epoch is a new order of all examples, and batches run on across its end. */
export interface TrainReader {
  readonly stepsPerEpoch: number
  /** Fills `into` (from `makeBatch`) with the batch of 0-based training step `step`; allocates only when an epoch begins. */
  readTrain(step: number, into: Batch): void
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
  const inputs = examples.input.task === 'image' ? new Float32Array(size) : new Int32Array(size)
  return { inputs, labels: new Int32Array(batch) }
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
        write(row, into.inputs, i, motion(position))
      }
    },
  }
}

/** Reads held-out batches; see `HeldReader`. */
export function heldBatches(examples: Examples, batch: number): HeldReader {
  const split = examples.held
  const write = rowWriter(examples, split)
  const size = rowSize(examples)
  return {
    batches: Math.ceil(split.count / batch),
    readHeld(index, into) {
      for (let i = 0; i < batch; i++) {
        const row = index * batch + i
        into.labels[i] = split.labels[row] ?? -1
        if (row < split.count) write(row, into.inputs, i, still)
        else into.inputs.fill(0, i * size, (i + 1) * size)
      }
    },
  }
}

/** Mean and deviation per channel of pixel / 255, from a histogram of the bytes, so exact in any order. */
export function channelStatistics(
  pixels: Uint8Array,
  channels: number,
): { readonly mean: number[]; readonly deviation: number[] } {
  const mean: number[] = []
  const deviation: number[] = []
  for (let c = 0; c < channels; c++) {
    const counts = new Float64Array(256)
    for (let i = c; i < pixels.length; i += channels) counts[pixels[i] as number] = (counts[pixels[i] as number] as number) + 1
    const total = Math.max(1, pixels.length / channels)
    const average = counts.reduce((sum, n, value) => sum + n * value, 0) / total / 255
    const variance = counts.reduce((sum, n, value) => sum + n * (value / 255 - average) ** 2, 0) / total
    mean.push(average)
    // A channel of one colour has no deviation; one grey level keeps the division finite.
    deviation.push(Math.max(Math.sqrt(variance), 1 / 255))
  }
  return { mean, deviation }
}

/** Where an image is moved to: shift in pixels, then mirrored left to right. */
interface Motion {
  down: number
  right: number
  mirror: boolean
}

const still: Motion = { down: 0, right: 0, mirror: false }

/** CIFAR's usual augmentation shifts by up to 4 of 32 pixels; smaller images move in proportion. */
function motionOf(examples: Examples, { augment, seed }: BatchOptions): (position: number) => Motion {
  const { input } = examples
  if (augment === 'none' || input.task !== 'image') return () => still
  const reach = augment === 'shift' ? Math.min(4, Math.floor(input.shape[0] / 8)) : 0
  const draw = (position: number, which: number) => uniform(seed, streams.augmentation, position * 3 + which)
  const moved: Motion = { ...still }
  return (position) => {
    moved.down = Math.floor(draw(position, 0) * (2 * reach + 1)) - reach
    moved.right = Math.floor(draw(position, 1) * (2 * reach + 1)) - reach
    moved.mirror = draw(position, 2) < 0.5
    return moved
  }
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

type RowWriter = (row: number, inputs: Float32Array | Int32Array, slot: number, motion: Motion) => void

function rowWriter(examples: Examples, split: Split): RowWriter {
  if (split.task === 'text') {
    const length = rowSize(examples)
    return (row, inputs, slot) => inputs.set(split.ids.subarray(row * length, (row + 1) * length), slot * length)
  }
  return imageWriter(examples, split.pixels)
}

function imageWriter(examples: Examples, pixels: Uint8Array): RowWriter {
  if (examples.input.task !== 'image') throw new TypeError('An image split needs an image input.')
  const [height, width, channels] = examples.input.shape
  const table = normaliseTable(examples, channels)
  return (row, inputs, slot, { down, right, mirror }) => {
    const from = row * height * width * channels
    let to = slot * height * width * channels
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const sourceX = (mirror ? width - 1 - x : x) - right
        const sourceY = y - down
        const inside = sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height
        const at = from + (sourceY * width + sourceX) * channels
        // What comes in from outside is 0, the mean colour.
        for (let c = 0; c < channels; c++) inputs[to++] = inside ? (table[c * 256 + (pixels[at + c] as number)] as number) : 0
      }
    }
  }
}

/** (value / 255 - mean) / deviation for each channel and byte: [channels, 256]. */
function normaliseTable(examples: Examples, channels: number): Float32Array {
  const pixels = examples.train.task === 'image' ? examples.train.pixels : new Uint8Array(0)
  const { mean, deviation } = examples.normalise ?? channelStatistics(pixels, channels)
  return Float32Array.from({ length: channels * 256 }, (_, i) => {
    const c = Math.floor(i / 256)
    return ((i % 256) / 255 - (mean[c] ?? 0)) / (deviation[c] ?? 1)
  })
}

function rowSize({ input }: Examples): number {
  return input.task === 'image' ? input.shape[0] * input.shape[1] * input.shape[2] : input.length
}
