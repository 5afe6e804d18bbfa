import { randomBits, streams } from '../../core/random'
import { tf, type Tensor } from '../tfjs'
import type { Precision } from './kept'

/** Parameters and the bit-packed mask of the first of them: bit i % 32 of word i / 32 for float i. */
export interface Masked {
  readonly weights: GPUBuffer
  /** int32, a view of the whole mask. */
  readonly mask: Tensor
}

/** What the operations of a model depend on beside their arguments. Read at each call. */
export interface OpsState {
  /** Share of elements set to 0 by dropout, in [0, 1). A recording keeps the rate that it was made with. */
  dropoutRate: number
  /** int32 [seed, step]; dropout masks are a pure function of these two, the site and the element. */
  readonly random: Tensor
  /** Dropout is the identity when false. */
  training: boolean
  /**
   * What the operations are differentiated by: the parameters (then images are data), or the images (then parameters
   * are).
   */
  readonly towards?: 'parameters' | 'images'
  /** How activations are stored for the gradient; f32 if left out. */
  readonly precision?: Precision
  /** How linear layers store what they multiply; f32 if left out. Needs this project's kernels. */
  readonly factors?: Precision
  /** Weights that lie in this buffer are read through a mask, as 0 where their bit is not set; gradients stay dense. */
  readonly masked?: Masked
}

/** What draws a site's mask: beside the seed and the step, which lie where the device reads them. */
export interface DropoutDraw {
  /** The stream number of a place in the model, as `randomStream` numbers its lanes. */
  readonly stream: number
  /**
   * Elements whose 24 random bits are below this are dropped: a whole number, so that every device draws the same line.
   */
  readonly threshold: number
  /** What the others are multiplied by. */
  readonly kept: number
}

/** How the mask of a site is drawn. @param rate in [0, 1) */
export function dropoutDraw(rate: number, site: number): DropoutDraw {
  return {
    stream: (streams.dropout | (site << 8)) >>> 0,
    threshold: Math.round(rate * 2 ** 24),
    kept: 1 / (1 - rate),
  }
}

/** Whether dropout changes anything now. */
export function drops({ training, dropoutRate }: OpsState): boolean {
  return training && dropoutRate > 0
}

/**
 * The dropout mask: `1 / (1 - rate)` where an element stays and 0 where it is dropped. The step is hashed into the seed
 * first: a counter made of step and element would repeat itself after 2^32 elements.
 */
export function dropoutMask(seed: number, step: number, site: number, rate: number, size: number): Float32Array {
  const { stream, threshold, kept } = dropoutDraw(rate, site)
  const key = randomBits(seed, stream, step)
  return Float32Array.from({ length: size }, (_, i) => (randomBits(key, stream, i) >>> 8 >= threshold ? kept : 0))
}

/** Inverted dropout with the mask made in JavaScript; needs a backend that reads `random` without waiting. */
export function dropoutComposition(x: Tensor, site: number, state: OpsState): Tensor {
  if (!drops(state)) return x
  const [seed = 0, step = 0] = state.random.dataSync()
  return x.mul(tf.tensor(dropoutMask(seed, step, site, state.dropoutRate, x.size), x.shape))
}
