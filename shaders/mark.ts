import { countOnes } from './bits'
import { wordBits } from './tiles'

/** Numbers of weights by class, in the order of the buffer `classCounts`. */
export interface ClassCounts {
  readonly pruned: number
  readonly ordinary: number
  readonly temporary: number
  readonly sentinel: number
  /** Weights that this batch alone ranks among the best. */
  readonly temporaryNow: number
}

/** Bytes of `classCounts`. */
export const classCountBytes = 20

/** The counts as read back from the GPU. */
export function readClassCounts(buffer: ArrayBuffer): ClassCounts {
  const [pruned = 0, ordinary = 0, temporary = 0, sentinel = 0, temporaryNow = 0] = new Uint32Array(buffer)
  return { pruned, ordinary, temporary, sentinel, temporaryNow }
}

export interface MarkBuffers {
  readonly tiles: Uint32Array
  readonly mask: Uint32Array
  readonly sentinel: Uint32Array
  readonly batchTop: Uint32Array
  readonly everTop: Uint32Array
  /** 2 bits a weight: prunableLength / 16 words. */
  readonly classes: Uint32Array
  readonly classCounts: Uint32Array
}

/** Twin of `mark`: classes of all weights, the union of the batches' best, and the counts. */
export function mark(b: MarkBuffers): void {
  for (let word = 0; word < b.mask.length; word++) {
    const weights = wordBits(b.tiles[word >>> 1] as number, word)
    const [sentinel, batchTop] = [b.sentinel[word] as number, b.batchTop[word] as number]
    const kept = (b.mask[word] as number) & weights
    const best = sentinel & kept
    const ever = (b.everTop[word] as number) | batchTop
    const temporary = ever & kept & ~best
    b.everTop[word] = ever
    const high = best | temporary
    const low = kept & ~temporary
    b.classes[2 * word] = spread(low) | (spread(high) << 1)
    b.classes[2 * word + 1] = spread(low >>> 16) | (spread(high >>> 16) << 1)
    const sets = [weights & ~kept, kept & ~high, temporary, best, batchTop & weights & ~sentinel]
    sets.forEach((set, k) => { b.classCounts[k] = (b.classCounts[k] as number) + countOnes(set) })
  }
}

/** Class of a weight: 0 pruned, 1 ordinary, 2 temporary, 3 sentinel (`weightClasses` of src/core/trainer.ts). */
export function classOf(classes: Uint32Array, index: number): number {
  return ((classes[index >>> 4] as number) >>> ((index & 15) * 2)) & 3
}

/** Bit k goes to bit 2 k. */
function spread(half: number): number {
  let x = half & 0xffff
  x = (x | (x << 8)) & 0x00ff00ff
  x = (x | (x << 4)) & 0x0f0f0f0f
  x = (x | (x << 2)) & 0x33333333
  return (x | (x << 1)) & 0x55555555
}
