import type { Layout } from '../../core/layout'
import { tileSize } from '../../../shaders/parts/tiles'
import type { LastingArray } from '../executor/executorState'
import { fanIns, fullMask } from '../executor/settings'

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
  readonly sensed: Float32Array
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

/** Numbers in the arrays that kernels of wasm work on. */
const placed = ({ length, prunableLength }: Layout) => ({
  weights: length,
  grads: length,
  moment1: length,
  moment2: length,
  noiseMean: prunableLength,
  noiseSquare: prunableLength,
  importance: prunableLength,
  steady: prunableLength,
  peak: prunableLength,
  sensed: prunableLength,
  scores: prunableLength,
  mask: prunableLength / 32,
})

/** Bytes of the arrays that `createCpuArena` makes in given places. */
export function placedBytes(layout: Layout): number {
  return Object.values(placed(layout)).reduce((sum, length) => sum + 4 * length, 0)
}

const anywhere: Places = { floats: (length) => new Float32Array(length), words: (length) => new Uint32Array(length) }

/**
 * @param own how many numbers the method keeps of each weight
 * @param places where those arrays lie that kernels of wasm work on
 */
export function createCpuArena(layout: Layout, own = 0, places = anywhere): CpuArena {
  const { scores, mask, ...floats } = placed(layout)
  const prunable = () => new Float32Array(layout.prunableLength)
  const arena = {
    ...floatsOf(floats, places),
    scores: places.words(scores),
    mask: places.words(mask),
    initial: prunable(),
    curvature: prunable(),
    own: Array.from({ length: own }, prunable),
    fanIn: fanIns(layout),
    largest: new Float32Array(layout.prunableLength / tileSize),
  }
  arena.mask.set(fullMask(layout))
  return arena
}

/** The arrays under the names that buffers have on a device. @param visited what only some methods keep */
export function namedArrays(arena: CpuArena, visited: Uint32Array | null): Readonly<Record<string, LastingArray>> {
  const { own, ...others } = arena
  const numbers = Object.fromEntries(own.map((values, i) => [`own${i}`, values]))
  return { ...others, ...numbers, ...(visited ? { visited } : {}) }
}

function floatsOf<Name extends string>(lengths: Record<Name, number>, places: Places): Record<Name, Float32Array> {
  const made = Object.entries<number>(lengths).map(([name, length]) => [name, places.floats(length)] as const)
  return Object.fromEntries(made) as Record<Name, Float32Array>
}
