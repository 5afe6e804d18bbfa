import type { Tensor } from '../../tf/tfjs'
import type { Watched } from './inputs'

/** Numbers that move with every batch, while the parameters stay. */
export interface Descent {
  /** [n]; `move` changes them in place. */
  readonly numbers: Float32Array<ArrayBuffer>
  /** Examples of a batch. */
  readonly examples: number
  /** Of the shape of the numbers; the caller disposes it. */
  slope(watched: Watched, numbers: Tensor): Tensor
  move(slope: Float32Array): void
}
