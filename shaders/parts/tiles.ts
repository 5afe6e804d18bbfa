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
 * The `tiles` buffer: for every 64 floats of the prunable part, the group's number << 8 | how many of the floats are
 * weights.
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

/** Tiles that one workgroup reads when it counts, if its group has them: 16384 floats. */
const chunkTiles = 256
/**
 * About so many chunks in large models: enough threads for any GPU, but so few that a workgroup's other work does not
 * matter next to its reads.
 */
const mostChunks = 256

/** Stretches of tiles that lie inside one group each. */
export interface ChunkTable {
  /** Four u32 a chunk: its first tile, the tile after its last, its group, its number within the group. */
  readonly chunks: Uint32Array<ArrayBuffer>
  /** First chunk of every group, and the chunk after its last. Within a group, chunks are in the order of the tiles. */
  readonly spans: readonly (readonly [first: number, end: number])[]
}

/** Cuts the tiles of every group into chunks. @param groups how many there are */
export function chunkTable(tiles: Uint32Array, groups: number): ChunkTable {
  const most = Math.max(chunkTiles, 2 ** Math.ceil(Math.log2(tiles.length / mostChunks)))
  const pieces: [first: number, end: number][][] = Array.from({ length: groups }, () => [])
  for (let first = 0, end = 0; first < tiles.length; first = end) {
    const group = (tiles[first] as number) >>> 8
    end = first + 1
    if (tiles[first] === 0) continue
    while (end - first < most && tiles[end] && (tiles[end] as number) >>> 8 === group) end++
    pieces[group]?.push([first, end])
  }
  let total = 0
  return {
    chunks: Uint32Array.from(
      pieces.flatMap((list, group) => list.flatMap(([first, end], number) => [first, end, group, number])),
    ),
    spans: pieces.map((list) => [total, (total += list.length)]),
  }
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
