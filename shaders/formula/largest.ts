import { tileSize, type TilePlace } from '../parts/tiles'

/** Twin of `largest`. @param into f32 for each tile of the prunable part */
export function largest(weights: Float32Array, places: readonly TilePlace[], into: Float32Array): void {
  for (const { offset, size } of places) {
    const most = weights.subarray(offset, offset + size).reduce((found, w) => Math.max(found, Math.abs(w)), 0)
    into.fill(most, offset / tileSize, Math.ceil((offset + size) / tileSize))
  }
}
