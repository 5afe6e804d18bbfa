/** Floats of a tile; the alignment of tensors in the arena (src/core/layout.ts). */
export const tileSize = 64

/** A tensor's place in the arena, in floats; `Placed` of src/core/layout.ts fits. */
export interface TilePlace {
  readonly offset: number
  readonly size: number
}

/** Tensors ranked against each other and how many of their weights are kept; `Group` of src/core/scope.ts fits. */
export interface TileGroup {
  readonly tensors: readonly TilePlace[]
  readonly kept: number
}

/**
 * The `tiles` buffer: for every 64 floats of the prunable part, the group's number << 8 | how many of the floats are weights.
 * @param groups lists of tensors; a tensor in none is never selected
 */
export function tileTable(prunableLength: number, groups: readonly (readonly TilePlace[])[]): Uint32Array<ArrayBuffer> {
  const tiles = new Uint32Array(prunableLength / tileSize)
  groups.forEach((tensors, group) => {
    for (const { offset, size } of tensors) {
      for (let start = 0; start < size; start += tileSize) {
        tiles[(offset + start) / tileSize] = ((group << 8) | Math.min(tileSize, size - start)) >>> 0
      }
    }
  })
  return tiles
}

/** How many of the 32 floats of a bit-packed word are weights, given the word's tile. */
export function wordCount(tile: number, word: number): number {
  const start = (word & 1) * 32
  return Math.min(Math.max(tile & 255, start), start + 32) - start
}

/** The bits of a word that stand for weights. */
export function wordBits(tile: number, word: number): number {
  const count = wordCount(tile, word)
  return count === 32 ? 0xffffffff : (1 << count) - 1
}
