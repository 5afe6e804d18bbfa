import type { Schedule } from '../../../shaders/transformer'
import { describe } from '../../gpu/device'

/** How attention is cut: threads of a workgroup, queries that it owns at most, and what a thread computes at a time. */
export interface AttentionTiles {
  /** Who owns a block of queries: the threads of a workgroup together, in its memory, or a thread alone. */
  readonly owner: 'together' | 'alone'
  readonly threads: number
  /** A power of two. */
  readonly mostRows: number
  /** Of scores: queries times keys. */
  readonly tileRows: number
  readonly tileColumns: number
  /** Of sums over keys or queries: tokens times columns of the head. */
  readonly mixRows: number
  readonly mixColumns: number
}

export interface Lanes {
  readonly threads: number
  readonly lanes: number
}

/** How work is cut for a device. None of it changes what is computed, only the order of sums. */
export interface Tiles {
  /** Ways to cut matrix products; the first is the default. */
  readonly products: readonly [Schedule, ...Schedule[]]
  readonly attention: AttentionTiles
  /** Layer norm: threads of a workgroup, and of them so many that share a row; one owns it alone. */
  readonly norm: Lanes
  /** The same for the loss, which is one workgroup. */
  readonly loss: Lanes
  /** Tokens that a thread of streamed attention serves, and threads of its workgroup. */
  readonly streamed: { readonly tile: number; readonly threads: number }
  /** Bytes of probabilities up to which attention keeps them; above, it streams. */
  readonly keptBytes: number
  /** Threads of a workgroup where a thread owns a column or a position. */
  readonly rowThreads: number
  /** Whether both gradients of a linear layer are one dispatch. */
  readonly paired: boolean
  /** Workgroups to aim at when a long sum is cut into slices. */
  readonly groups: number
}

/**
 * Measured on lavapipe (8 lanes, two cores): a load of 8 floats costs 6 ns however they lie, a multiply-add 0.3, so the
 * tile is as large as compiles in reasonable time; few groups, because a group costs more than it helps.
 */
export const softwareTiles: Tiles = {
  products: [
    { tileRows: 12, tileColumns: 8, lanes: 8, layers: 1 },
    { tileRows: 8, tileColumns: 8, lanes: 8, layers: 1 },
    { tileRows: 8, tileColumns: 2, lanes: 8, layers: 1 },
  ],
  attention: { owner: 'alone', threads: 8, mostRows: 8, tileRows: 8, tileColumns: 8, mixRows: 8, mixColumns: 8 },
  norm: { threads: 8, lanes: 1 },
  loss: { threads: 32, lanes: 1 },
  streamed: { tile: 1, threads: 8 },
  keptBytes: 2 ** 25,
  rowThreads: 8,
  paired: false,
  groups: 8,
}

/** Enough threads to hide memory, tiles small enough to stay in registers. */
export const hardwareTiles: Tiles = {
  products: [
    { tileRows: 4, tileColumns: 4, lanes: 16, layers: 4 },
    { tileRows: 2, tileColumns: 2, lanes: 16, layers: 4 },
    { tileRows: 2, tileColumns: 2, lanes: 16, layers: 16, depth: 16 },
    { tileRows: 4, tileColumns: 4, lanes: 16, layers: 16, depth: 16 },
    { tileRows: 8, tileColumns: 8, lanes: 16, layers: 16, depth: 16 },
    { tileRows: 4, tileColumns: 4, lanes: 16, layers: 16, depth: 8, doubled: true },
    { tileRows: 8, tileColumns: 8, lanes: 16, layers: 16, depth: 8, doubled: true },
  ],
  attention: { owner: 'together', threads: 64, mostRows: 16, tileRows: 4, tileColumns: 4, mixRows: 2, mixColumns: 4 },
  norm: { threads: 128, lanes: 16 },
  loss: { threads: 256, lanes: 8 },
  streamed: { tile: 1, threads: 64 },
  keptBytes: 2 ** 25,
  rowThreads: 64,
  paired: true,
  groups: 512,
}

/** The tiles for a device. */
export function tilesFor(device: GPUDevice): Tiles {
  return describe({ info: device.adapterInfo }).software ? softwareTiles : hardwareTiles
}

/** Cuts `rows` into slices so that about `groups` workgroups of `perSlice` run; at least 32 rows each. */
export function slicesOf(rows: number, perSlice: number, groups: number): { slices: number; sliceRows: number } {
  const wanted = Math.max(1, Math.min(Math.ceil(groups / perSlice), Math.floor(rows / 32)))
  const sliceRows = Math.ceil(rows / wanted)
  return { slices: Math.ceil(rows / sliceRows), sliceRows }
}
