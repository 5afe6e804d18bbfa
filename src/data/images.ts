import type { Examples, LoadOptions, Source, Split } from '../core/dataset'
import { Problem } from '../core/problem'
import { breathe, type Meter } from './meter'
import { channelStatistics } from './pixels'

/** Labelled images of one size, ready to become a split. */
export interface ImageSet {
  /** [count, size, size, 3], row by row. */
  readonly pixels: Uint8Array
  /** Class numbers [count]. */
  readonly labels: Uint8Array
}

/** Image examples of size x size RGB pixels, normalised by the training split. */
export function imageExamples(
  size: number,
  classes: readonly string[],
  train: ImageSet,
  held: ImageSet,
  source: Source,
): Examples {
  return {
    input: { task: 'image', shape: [size, size, 3], classes: classes.length },
    classes,
    source,
    train: imageSplit(train),
    held: imageSplit(held),
    normalise: channelStatistics(train.pixels, 3),
  }
}

function imageSplit({ pixels, labels }: ImageSet): Split {
  return { task: 'image', count: labels.length, pixels, labels }
}

/** Collects decoded images one after the other. */
export interface ImageCollector {
  readonly set: ImageSet
  /** Decodes a picture that must be `size` x `size`. @throws Problem naming `name` when it is not */
  add(encoded: Uint8Array, label: number, name: string): Promise<void>
}

/** Room for `count` images. */
export function imageCollector(
  count: number,
  size: number,
  { host, signal }: LoadOptions,
  meter: Meter,
): ImageCollector {
  const set = { pixels: new Uint8Array(count * size * size * 3), labels: new Uint8Array(count) }
  let at = 0
  return {
    set,
    async add(encoded, label, name) {
      const { width, height, rgb } = await named(name, () => host.decodeImage(encoded))
      if (width !== size || height !== size) {
        throw new Problem(
          `${name} is ${width} x ${height} pixels; this data set has ${size} x ${size}.`,
          'Drop pictures of other sizes as your own files, which scales them.',
        )
      }
      set.pixels.set(rgb, at * size * size * 3)
      set.labels[at++] = label
      meter.done({ rows: 1 })
      await breathe(signal)
    },
  }
}

/** Runs a step and puts the name of its file before its Problem. */
export async function named<T>(name: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    throw error instanceof Problem ? new Problem(`${name}: ${error.what}`, error.fix, { cause: error }) : error
  }
}
