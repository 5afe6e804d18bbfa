import type { Layout, Placed } from '../../core/layout'
import { noWeight } from '../../../shaders/show/paint'
import type { MapLayout, MapTile } from '../../core/trainer'

/** Pixels between tiles, so that layers can be told apart. */
const gap = 2

/**
 * Where every prunable tensor lies on the weight map: one pixel a weight, the long side of a matrix across. Tiles fill
 * shelves from left to right; the width is chosen so that the map is about 1.6 times wider than high.
 */
export function mapLayout(layout: Layout): MapLayout {
  const sizes = layout.prunable.map((t) => ({ name: t.name, width: extent(t).width, height: extent(t).height }))
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
    const { columns, tall, short, band } = extent(tensor)
    for (let k = 0; k < tensor.size; k++) {
      const [row, column] = [Math.floor(k / columns), k % columns]
      const [along, across] = tall ? [row, column] : [column, row]
      const x = tile.x + (along % band)
      const y = tile.y + Math.floor(along / band) * short + across
      pixels[y * stride + x] = tensor.offset + k
    }
  })
  return pixels
}

/** A tile this many times longer than high is folded into bands, or it would be a hairline. */
const longest = 12

/**
 * How a matrix lies on the map: its long side from left to right, cut into bands of `band` pixels, one below the other.
 */
function extent(tensor: Placed) {
  const columns = tensor.shape.at(-1) ?? 1
  const rows = tensor.size / columns
  const tall = rows > columns
  const [long, short] = tall ? [rows, columns] : [columns, rows]
  const bands = long > longest * short ? Math.ceil(Math.sqrt(long / short / 4)) : 1
  const band = Math.ceil(long / bands)
  return { columns, tall, short, band, width: band, height: short * Math.ceil(long / band) }
}
