import { afterDigits, bins, digits, digitStruct, selectBytes, type SelectionTables } from '../../shaders/select/select'
import { chunkTable, type ChunkTable } from '../../shaders/parts/tiles'
import * as shaders from '../../shaders'
import { storageBuffer, uniformBuffer, write } from './buffers'
import { createKernel, workgroups, type Dispatch, type Resource } from './kernel'

/** Exact top-K by group on the GPU: the thresholds are valid after the dispatches ran. */
export interface Selection {
  /** (key, index) of every group, vec2u. */
  readonly thresholds: GPUBuffer
  /** u32 a tile (shaders/parts/tiles.ts). */
  readonly tiles: GPUBuffer
  /** Sets how many weights each group keeps, for dispatches submitted from now on. */
  keep(kept: Uint32Array): void
  /**
   * Ranks `scores` (any float32 buffer over the prunable part): five dispatches, however many groups there are. They
   * can be encoded again and again.
   */
  dispatches(scores: Resource): Dispatch[]
  dispose(): void
}

/** Bytes between the passes' slices of one uniform buffer: the default alignment of a uniform binding. */
const sliceBytes = 256

/** Compiles the kernels and makes the buffers for these tables. @throws Problem when they do not fit */
export async function createSelection(device: GPUDevice, tables: SelectionTables): Promise<Selection> {
  const table = chunkTable(tables.tiles, tables.kept.length)
  const [histogram, ties, last] = await Promise.all([
    createKernel(device, 'selectHistogram', shaders.selectHistogram),
    createKernel(device, 'selectTies', shaders.selectTies),
    createKernel(device, 'selectLast', shaders.selectLast),
  ])
  const buffers = await createBuffers(device, tables, table)
  const keep = (kept: Uint32Array) => write(device, buffers.budgets, budgetsOf(kept, table))
  keep(tables.kept)
  const { thresholds, tiles, ties: tieCounts, passes, chunks, budgets, ranks, histograms } = buffers
  const everyChunk = workgroups(table.chunks.length / 4, 1)
  return {
    thresholds,
    tiles,
    keep,
    dispatches(scores) {
      const at = (pass: number) => ({
        digit: { buffer: passes, offset: pass * sliceBytes, size: digitStruct.bytes },
        chunks,
        budgets,
        ranks,
        histogram: histograms,
        scores,
        tiles,
      })
      return [
        ...digits.map(({ number }) => histogram.bind(at(number), everyChunk)),
        ties.bind({ ...at(afterDigits.number), ties: tieCounts }, everyChunk),
        last.bind({ ...at(afterDigits.number), ties: tieCounts, thresholds }, [tables.kept.length]),
      ]
    },
    dispose: () => {
      for (const buffer of Object.values(buffers)) buffer.destroy()
    },
  }
}

async function createBuffers(device: GPUDevice, { tiles, kept }: SelectionTables, { chunks }: ChunkTable) {
  const groups = kept.length
  const passes = [...digits, afterDigits]
  const storage = (label: string, bytes: number) => storageBuffer(device, label, bytes)
  const buffers = {
    tiles: await storage('tiles', tiles.byteLength),
    chunks: await storage('chunks', chunks.byteLength),
    budgets: await storage('budgets', groups * budgetWords * 4),
    ranks: await storage('ranks', passes.length * groups * selectBytes.rank),
    histograms: await storage('histograms', digits.length * groups * bins * 4),
    ties: await storage('ties', chunks.byteLength / 4),
    thresholds: await storage('thresholds', groups * selectBytes.threshold),
    passes: await uniformBuffer(device, 'passes', passes.length * sliceBytes),
  }
  write(device, buffers.tiles, tiles)
  write(device, buffers.chunks, chunks)
  passes.forEach((pass, i) => write(device, buffers.passes, digitStruct.write({ ...pass, groups }), i * sliceBytes))
  return buffers
}

const budgetWords = 3

/** Number of kept weights and the chunks of every group (selectRank.wgsl, `Budget`). */
function budgetsOf(kept: Uint32Array, { spans }: ChunkTable): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(spans.flatMap(([first, end], group) => [kept[group] ?? 0, first, end]))
}
