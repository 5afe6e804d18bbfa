import { countOnes } from '../../src/core/bits'
import { wordBits } from '../parts/tiles'

/** Numbers of weights by class, kept and cut, in the order of the buffer `classCounts`. */
export const countNames = ['ordinary', 'temporary', 'sentinel'] as const

/** Weights of one class. */
export interface ClassCount {
  readonly kept: number
  readonly cut: number
}

export type ClassCounts = Readonly<Record<(typeof countNames)[number], ClassCount>>

/** Bytes of `classCounts`. */
export const classCountBytes = 24

/** The counts as read back from the GPU. */
export function readClassCounts(buffer: ArrayBuffer): ClassCounts {
  const counts = new Uint32Array(buffer)
  const at = (k: number): ClassCount => ({ kept: counts[2 * k] ?? 0, cut: counts[2 * k + 1] ?? 0 })
  return { ordinary: at(0), temporary: at(1), sentinel: at(2) }
}

export interface MarkBuffers {
  readonly tiles: Uint32Array
  readonly mask: Uint32Array
  readonly weights: Float32Array
  /** The best by `steady`. */
  readonly sentinel: Uint32Array
  /** The best by `peak`. */
  readonly peaked: Uint32Array
  /** 4 bits a weight: prunableLength / 8 words. */
  readonly classes: Uint32Array
  readonly classCounts: Uint32Array
}

/**
 * Twin of `mark`: classes of all weights and their counts. @param free as at entry point `free`: pruned weights that
 * have left 0 are kept
 */
export function mark(b: MarkBuffers, free = false): void {
  for (let word = 0; word < b.mask.length; word++) {
    const all = wordBits(b.tiles[word >>> 1] as number, word)
    const kept = (b.mask[word] as number) | (free ? moved(b.weights, word) : 0)
    const best = (b.sentinel[word] as number) & all
    const temporary = (b.peaked[word] as number) & all & ~best
    const ordinary = all & ~(best | temporary)
    const cut = all & ~kept
    for (let k = 0; k < 4; k++) {
      b.classes[4 * word + k] =
        spread(temporary >>> (8 * k)) | (spread(best >>> (8 * k)) << 1) | (spread(cut >>> (8 * k)) << 2)
    }
    const sets = [ordinary & ~cut, ordinary & cut, temporary & ~cut, temporary & cut, best & ~cut, best & cut]
    sets.forEach((set, k) => {
      b.classCounts[k] = (b.classCounts[k] as number) + countOnes(set >>> 0)
    })
  }
}

/** What is known of a weight's class. */
export interface Marked {
  readonly class: (typeof countNames)[number]
  readonly cut: boolean
}

/** A class from its 4 bits. */
export function markedBy(code: number): Marked {
  return { class: countNames[code & 3] ?? 'ordinary', cut: (code & 4) !== 0 }
}

/** The 4 bits of a weight. */
export function classOf(classes: Uint32Array, index: number): number {
  return ((classes[index >>> 3] as number) >>> ((index & 7) * 4)) & 15
}

function moved(weights: Float32Array, word: number): number {
  let bits = 0
  for (let k = 31; k >= 0; k--) bits = (bits << 1) | (weights[word * 32 + k] ? 1 : 0)
  return bits
}

/** Bit k of a byte goes to bit 4 k. */
function spread(bits: number): number {
  let x = bits & 0xff
  x = (x | (x << 12)) & 0x000f000f
  x = (x | (x << 6)) & 0x03030303
  return (x | (x << 3)) & 0x11111111
}
