import type { Layout, Placed } from '../core/layout'
import { noWeight } from '../../shaders/paint'
import type { MapLayout, MapTile } from '../core/trainer'

/** Pixels between tiles, so that layers are told apart. */
const gap = 2

/**
 * Where every prunable tensor lies on the weight map: one pixel a weight, a matrix [rows, columns] drawn with its columns
 * down and its rows across when that makes the map flatter. Tiles fill shelves from left to right; the width is chosen so
 * that the map is about 1.6 times wider than high.
 */
export function mapLayout(layout: Layout): MapLayout {
  const sizes = layout.prunable.map((t) => ({ name: t.name, ...extent(t) }))
  const area = sizes.reduce((sum, s) => sum + (s.width + gap) * (s.height + gap), 0)
  const width = Math.max(...sizes.map((s) => s.width), Math.ceil(Math.sqrt(area * 1.6)), 1)
  const tiles: MapTile[] = []
  let x = 0
  let y = 0
  let shelf = 0
  for (const size of sizes) {
    if (x > 0 && x + size.width > width) {
      x = 0
      y += shelf + gap
      shelf = 0
    }
    tiles.push({ ...size, x, y })
    x += size.width + gap
    shelf = Math.max(shelf, size.height)
  }
  return { width, height: Math.max(1, y + shelf), tiles }
}

/** For every pixel of the map, `stride` a row, the flat index of its weight or `noWeight`. */
export function mapPixels(layout: Layout, map: MapLayout, stride: number): Uint32Array<ArrayBuffer> {
  const pixels = new Uint32Array(stride * map.height).fill(noWeight)
  layout.prunable.forEach((tensor, i) => {
    const tile = map.tiles[i]
    if (!tile) return
    const columns = tensor.shape.at(-1) ?? 1
    const turned = tile.width !== columns
    for (let k = 0; k < tensor.size; k++) {
      const row = Math.floor(k / columns)
      const column = k % columns
      const [px, py] = turned ? [row, column] : [column, row]
      pixels[(tile.y + py) * stride + tile.x + px] = tensor.offset + k
    }
  })
  return pixels
}

/** Width and height of a matrix's tile; tall matrices lie on their side. */
function extent(tensor: Placed): { width: number; height: number } {
  const columns = tensor.shape.at(-1) ?? 1
  const rows = tensor.size / columns
  return rows > columns ? { width: rows, height: columns } : { width: columns, height: rows }
}
