import type { Layout } from '../core/layout'
import { tileSize } from '../../shaders/tiles'
import { fanIns, fullMask } from './settings'

/** The arena in memory; contents as in shaders/index.ts. */
export interface CpuArena {
  readonly weights: Float32Array
  readonly grads: Float32Array
  readonly moment1: Float32Array
  readonly moment2: Float32Array
  readonly noiseMean: Float32Array
  readonly noiseSquare: Float32Array
  readonly importance: Float32Array
  readonly steady: Float32Array
  readonly peak: Float32Array
  /** Float32 scores as bits. */
  readonly scores: Uint32Array
  readonly mask: Uint32Array
  /** The method's own numbers, in the order of their names. */
  readonly own: readonly Float32Array[]
  /** The prunable weights before the first step. */
  readonly initial: Float32Array
  readonly curvature: Float32Array
  /** Of each tile's matrix: its rows, and the largest |w| where a formula asks for it. */
  readonly fanIn: Float32Array
  readonly largest: Float32Array
}

/** @param own how many numbers the method keeps of each weight */
export function createCpuArena(layout: Layout, own = 0): CpuArena {
  const all = () => new Float32Array(layout.length)
  const prunable = () => new Float32Array(layout.prunableLength)
  return {
    weights: all(),
    grads: all(),
    moment1: all(),
    moment2: all(),
    noiseMean: prunable(),
    noiseSquare: prunable(),
    importance: prunable(),
    steady: prunable(),
    peak: prunable(),
    initial: prunable(),
    curvature: prunable(),
    own: Array.from({ length: own }, prunable),
    fanIn: fanIns(layout),
    largest: new Float32Array(layout.prunableLength / tileSize),
    scores: new Uint32Array(layout.prunableLength),
    mask: fullMask(layout),
  }
}
