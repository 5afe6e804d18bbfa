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

/** Where arrays are made, filled with zeros. */
export interface Places {
  floats(length: number): Float32Array
  words(length: number): Uint32Array
}

const anywhere: Places = { floats: (length) => new Float32Array(length), words: (length) => new Uint32Array(length) }

/**
 * @param own how many numbers the method keeps of each weight
 * @param places where those arrays lie that kernels of wasm work on
 */
export function createCpuArena(layout: Layout, own = 0, places = anywhere): CpuArena {
  const all = () => places.floats(layout.length)
  const noise = () => places.floats(layout.prunableLength)
  const prunable = () => new Float32Array(layout.prunableLength)
  const full = fullMask(layout)
  const mask = places.words(full.length)
  mask.set(full)
  return {
    weights: all(),
    grads: all(),
    moment1: all(),
    moment2: all(),
    noiseMean: noise(),
    noiseSquare: noise(),
    importance: noise(),
    steady: noise(),
    peak: noise(),
    initial: prunable(),
    curvature: prunable(),
    own: Array.from({ length: own }, prunable),
    fanIn: fanIns(layout),
    largest: new Float32Array(layout.prunableLength / tileSize),
    scores: places.words(layout.prunableLength),
    mask,
  }
}

/** Bytes of the arrays that `createCpuArena` makes in given places. */
export function placedBytes({ length, prunableLength }: Layout): number {
  return 4 * (4 * length + 6 * prunableLength) + prunableLength / 8
}
