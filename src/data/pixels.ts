import type { Examples } from '../core/dataset'

/**
 * Where an image is moved to: down and right in pixels, then mirrored left to right. Pixels that come in from outside
 * are 0.
 */
export interface Motion {
  readonly down: number
  readonly right: number
  readonly mirror: boolean
}

/** Numbers of a motion in a batch: down, right, and 1 where mirrored. */
export const motionLength = 3

/** Raw images of a batch: bytes and motions. Kernels (or `imageNumbers`) make normalised numbers of them. */
export interface ImageBatch {
  readonly task: 'image'
  /** [batch, height, width, channels]; up to three bytes after them fill the last word. */
  readonly pixels: Uint8Array
  /** [batch, 3]: down, right, mirror. An image moved down by its height is all zeros. */
  readonly motions: Int32Array
  /** (value / 255 - mean) / deviation for each channel and byte: [channels, 256]. */
  readonly levels: Float32Array
  /** [batch], -1 is padding. */
  readonly labels: Int32Array
}

/** The numbers of bytes: [channels, 256], by mean and deviation of the training split. */
export function levelsOf({ train, normalise }: Examples, channels: number): Float32Array {
  const pixels = train.task === 'image' ? train.pixels : new Uint8Array(0)
  const { mean, deviation } = normalise ?? channelStatistics(pixels, channels)
  return Float32Array.from({ length: channels * 256 }, (_, i) => {
    const c = Math.floor(i / 256)
    return ((i % 256) / 255 - (mean[c] ?? 0)) / (deviation[c] ?? 1)
  })
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
    for (let i = c; i < pixels.length; i += channels)
      counts[pixels[i] as number] = (counts[pixels[i] as number] as number) + 1
    const total = Math.max(1, pixels.length / channels)
    const average = counts.reduce((sum, n, value) => sum + n * value, 0) / total / 255
    const variance = counts.reduce((sum, n, value) => sum + n * (value / 255 - average) ** 2, 0) / total
    mean.push(average)
    // A channel of one colour has no deviation; one grey level keeps the division finite.
    deviation.push(Math.max(Math.sqrt(variance), 1 / 255))
  }
  return { mean, deviation }
}

/** Normalised images [batch, height, width, channels]: the twin of shaders/transformer/imagePatches.wgsl. */
export function imageNumbers(
  { pixels, motions, levels }: ImageBatch,
  shape: readonly [number, number, number],
): Float32Array {
  const size = shape[0] * shape[1] * shape[2]
  const count = motions.length / motionLength
  const numbers = new Float32Array(count * size)
  for (let i = 0; i < count; i++) {
    const [down = 0, right = 0, mirror = 0] = motions.subarray(i * motionLength, (i + 1) * motionLength)
    moveImage(
      pixels.subarray(i * size, (i + 1) * size),
      { down, right, mirror: mirror === 1 },
      levels,
      shape,
      numbers.subarray(i * size),
    )
  }
  return numbers
}

function moveImage(
  pixels: Uint8Array,
  { down, right, mirror }: Motion,
  levels: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  into: Float32Array,
): void {
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sourceX = (mirror ? width - 1 - x : x) - right
      const sourceY = y - down
      const inside = sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height
      const at = (sourceY * width + sourceX) * channels
      for (let c = 0; c < channels; c++)
        into[to++] = inside ? (levels[c * 256 + (pixels[at + c] as number)] as number) : 0
    }
  }
}
