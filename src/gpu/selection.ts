import { bins, digitPasses, digitStruct, selectBytes, type SelectionTables } from '../../shaders/select'
import * as shaders from '../../shaders'
import { storageBuffer, uniformBuffer, write } from './buffers'
import { createKernel, workgroups, type Dispatch, type Resource } from './kernel'

/** Exact top-K by group on the GPU: the thresholds are valid after the dispatches ran. */
export interface Selection {
  /** (key, index) of every group, vec2u. */
  readonly thresholds: GPUBuffer
  /** u32 a tile (shaders/tiles.ts). */
  readonly tiles: GPUBuffer
  /** Sets how many weights each group keeps, for dispatches submitted from now on. */
  keep(kept: Uint32Array): void
  /** Ranks `scores` (any float32 buffer over the prunable part). The dispatches can be encoded again and again. */
  dispatches(scores: Resource): Dispatch[]
  dispose(): void
}

/** Bytes between the passes' slices of one uniform buffer: the default alignment of a uniform binding. */
const sliceBytes = 256

/** Compiles the two kernels of a pass and makes the buffers for these tables. @throws Problem when they do not fit */
export async function createSelection(device: GPUDevice, tables: SelectionTables): Promise<Selection> {
  const groups = tables.kept.length
  const passes = digitPasses(tables.tiles.length * 64)
  const [histogramKernel, pickKernel, tiles, kept, ranks, histogram, thresholds, digits] = await Promise.all([
    createKernel(device, 'selectHistogram', shaders.selectHistogram),
    createKernel(device, 'selectPick', shaders.selectPick),
    storageBuffer(device, 'tiles', tables.tiles.byteLength),
    storageBuffer(device, 'kept', tables.kept.byteLength),
    storageBuffer(device, 'ranks', groups * selectBytes.rank),
    storageBuffer(device, 'histogram', groups * bins * 4),
    storageBuffer(device, 'thresholds', groups * selectBytes.threshold),
    uniformBuffer(device, 'digits', passes.length * sliceBytes),
  ])
  const keep = (counts: Uint32Array) => write(device, kept, counts)
  write(device, tiles, tables.tiles)
  passes.forEach((pass, i) => write(device, digits, digitStruct.write(pass), i * sliceBytes))
  keep(tables.kept)
  return {
    thresholds, tiles, keep,
    dispatches: (scores) => passes.flatMap((_, i) => {
      const digit = { buffer: digits, offset: i * sliceBytes, size: digitStruct.bytes }
      return [
        histogramKernel.bind({ digit, scores, tiles, ranks, histogram }, workgroups(tables.tiles.length, 64)),
        pickKernel.bind({ digit, kept, histogram, ranks, thresholds }, [groups]),
      ]
    }),
    dispose: () => { for (const buffer of [tiles, kept, ranks, histogram, thresholds, digits]) buffer.destroy() },
  }
}
