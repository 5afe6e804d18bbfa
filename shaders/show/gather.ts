import { classOf } from './mark'

/** Bytes of one reading: five f32 and a u32. */
export const readingBytes = 24

/** One weight; the noise statistics without bias correction. */
export interface Reading {
  readonly w: number
  readonly noiseMean: number
  readonly noiseSquare: number
  readonly steady: number
  readonly peak: number
  /** The 4 bits of its class (mark.ts, `markedBy`). */
  readonly code: number
}

export interface GatherBuffers {
  /** Flat indices of prunable weights. */
  readonly indices: Uint32Array
  readonly weights: Float32Array
  readonly noiseMean: Float32Array
  readonly noiseSquare: Float32Array
  readonly steady: Float32Array
  readonly peak: Float32Array
  readonly classes: Uint32Array
}

/** Bytes of what `gatherRanked` says of a weight: three f32. */
export const rankedBytes = 12

/** What ranks a weight besides its reading. */
export interface RankedReading {
  readonly sensed: number
  /** NaN where the weight was not ranked. */
  readonly score: number
  /** Of the latest batch. */
  readonly gradient: number
}

export interface RankedBuffers {
  readonly indices: Uint32Array
  readonly sensed: Float32Array
  /** Float32 scores as bits. */
  readonly scores: Uint32Array
  readonly grads: Float32Array
}

/** Twin of `gatherRanked`. */
export function gatherRanked({ indices, sensed, scores, grads }: RankedBuffers): RankedReading[] {
  const values = new Float32Array(scores.buffer, scores.byteOffset, scores.length)
  return Array.from(indices, (i) => ({
    sensed: sensed[i] as number,
    score: values[i] as number,
    gradient: grads[i] as number,
  }))
}

/** The buffer `ranked` as read back from the GPU. */
export function readRanked(buffer: ArrayBuffer): RankedReading[] {
  const floats = new Float32Array(buffer)
  return Array.from({ length: floats.length / 3 }, (_, k) => ({
    sensed: floats[3 * k] as number,
    score: floats[3 * k + 1] as number,
    gradient: floats[3 * k + 2] as number,
  }))
}

/** Twin of `gather`. */
export function gather(b: GatherBuffers): Reading[] {
  return Array.from(b.indices, (i) => ({
    w: b.weights[i] as number,
    noiseMean: b.noiseMean[i] as number,
    noiseSquare: b.noiseSquare[i] as number,
    steady: b.steady[i] as number,
    peak: b.peak[i] as number,
    code: classOf(b.classes, i),
  }))
}

/** The buffer `readings` as read back from the GPU. */
export function readReadings(buffer: ArrayBuffer): Reading[] {
  const view = new DataView(buffer)
  return Array.from({ length: Math.floor(buffer.byteLength / readingBytes) }, (_, k) => {
    const float = (field: number) => view.getFloat32(k * readingBytes + field * 4, true)
    return {
      w: float(0),
      noiseMean: float(1),
      noiseSquare: float(2),
      steady: float(3),
      peak: float(4),
      code: view.getUint32(k * readingBytes + 20, true),
    }
  })
}
