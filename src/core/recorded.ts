import type { ClassCounts, NoiseBounds } from './trainer'
import type { Matrix } from './weightMap'

/** The course of a run's weights: what a look back at it needs. */
export interface Recorded {
  /** The prunable tensors; flat indices are places in them. */
  readonly matrices: readonly Matrix[]
  /** In order of their steps. */
  readonly frames: readonly Frame[]
}

/** A run's weights at one moment. */
export interface Frame {
  /** Steps done. */
  readonly step: number
  /**
   * Words of bits, deflated (RFC 1950): bit i % 32 of word i / 32 is 1 where the mask of flat index i is not as in the
   * frame before. In a frame that is `whole`, where the weight is cut.
   */
  readonly changes: Uint8Array<ArrayBuffer>
  /** Whether it stands alone: the first frame, and the first one after a device was lost. */
  readonly whole: boolean
  /** Weights that were cut since the frame before (of a frame that is `whole`, since step 0), and that came back. */
  readonly cut: number
  readonly back: number
  /** Weights of each matrix with which the model computes. */
  readonly kept: readonly number[]
  readonly classes: ClassCounts
  /** Null where it was left out for room or time. */
  readonly sample: Sample | null
  /** Those of the last cut, of a frame with a sample; absent in records of earlier versions. */
  readonly bounds?: NoiseBounds
}

/** Numbers of the weights of `sampledIndices`, in their order, each in 16 bits (`toHalves`). */
export interface Sample {
  readonly value: Uint16Array<ArrayBuffer>
  readonly importance: Uint16Array<ArrayBuffer>
  readonly peak: Uint16Array<ArrayBuffer>
  /** NaN where no gradient is remembered. */
  readonly noise: Uint16Array<ArrayBuffer>
  /** `NoisePoint.spread`, NaN for null; absent in records of earlier versions. */
  readonly spread?: Uint16Array<ArrayBuffer>
  /** Of the latest batch; absent in records of earlier versions. */
  readonly gradient?: Uint16Array<ArrayBuffer>
  /** By which the mask changed last, NaN where the weight was not ranked; absent where nothing has a score. */
  readonly score?: Uint16Array<ArrayBuffer>
  /** Index of the class in `weightClasses`, and 4 more where the weight is cut. */
  readonly code: Uint8Array<ArrayBuffer>
}

/** Bytes of a frame. */
export function bytesOf({ changes, sample }: Frame): number {
  const arrays: readonly ArrayBufferView[] = sample ? Object.values(sample) : []
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, changes.byteLength)
}
