import type { Placed } from './layout'
import { noWeight } from './noWeight'
import type { MapLayout, MapTile } from './trainer'

/** Pixels between the tiles of a block, and between blocks, so that they can be told apart. */
const gap = 2
const blockGap = 4

/** How many times wider than high the map is at best: about as its box on the page. */
const wanted = 1.7

/** A prunable tensor: where it lies in the flat buffer, its shape, and units of the model that it leads to. */
export type Matrix = Pick<Placed, 'name' | 'shape' | 'offset' | 'size' | 'units'>

/** The matrix, row and column of a flat index; null where no matrix has it. */
export function placeOf(matrices: readonly Matrix[], index: number) {
  const matrix = matrices.find(({ offset, size }) => index >= offset && index < offset + size)
  if (!matrix) return null
  const columns = matrix.shape.at(-1) ?? 1
  const place = index - matrix.offset
  return { layer: matrix.name, row: Math.floor(place / columns), column: place % columns }
}

/** The flat index of a weight; null where no matrix has it. */
export function indexOf(
  matrices: readonly Matrix[],
  { layer, row, column }: { readonly layer: string; readonly row: number; readonly column: number },
): number | null {
  const matrix = matrices.find(({ name }) => name === layer)
  return matrix ? matrix.offset + row * (matrix.shape.at(-1) ?? 1) + column : null
}

/** The pixel of a flat index on the map; null where no matrix has it. */
export function pixelOf(matrices: readonly Matrix[], { tiles }: MapLayout, index: number) {
  const i = matrices.findIndex(({ offset, size }) => index >= offset && index < offset + size)
  const [matrix, tile] = [matrices[i], tiles[i]]
  if (!matrix || !tile) return null
  const { x, y } = within(extent(matrix), index - matrix.offset)
  return { x: tile.x + x, y: tile.y + y }
}

/** A tile that has no place yet. */
type Size = Pick<MapTile, 'name' | 'width' | 'height'>

/**
 * Where every prunable tensor lies on the weight map: one pixel a weight, the long side of a matrix across. Every block
 * of the model begins a new row of tiles, and goes on in further ones where it is wider than the map. The width is the
 * one at which weights look largest.
 */
export function mapLayout(matrices: readonly Matrix[]): MapLayout {
  const sizes = matrices.map((t): Size => ({ name: t.name, width: extent(t).width, height: extent(t).height }))
  const blocks = blocksOf(sizes)
  const smallest = Math.max(1, ...sizes.map(({ width }) => width))
  const maps = [...new Set([smallest, ...blocks.flatMap(rowWidths)])]
    .filter((width) => width >= smallest)
    .map((width) => rowsOf(blocks, width))
  return maps.reduce((best, map) => (scaleOf(map) > scaleOf(best) ? map : best))
}

/** Tiles of one block after each other, by the first part of their names. */
function blocksOf(sizes: readonly Size[]): Size[][] {
  const blocks = new Map<string | undefined, Size[]>()
  for (const size of sizes) {
    const [block] = size.name.split('/')
    blocks.set(block, [...(blocks.get(block) ?? []), size])
  }
  return [...blocks.values()]
}

/** How large a weight is where the map fills a box of height 1. */
function scaleOf({ width, height }: MapLayout): number {
  return Math.min(wanted / width, 1 / height)
}

/** Widths of a block's first tiles beside each other: of one, of two, and so on. */
function rowWidths(block: readonly Size[]): number[] {
  return block.map((_, i) => block.slice(0, i + 1).reduce((sum, { width }) => sum + width + gap, -gap))
}

function rowsOf(blocks: readonly (readonly Size[])[], width: number): MapLayout {
  const tiles: MapTile[] = []
  let y = 0
  for (const block of blocks) {
    let [x, row] = [0, 0]
    for (const size of block) {
      if (x > 0 && x + size.width > width) {
        y += row + gap
        x = row = 0
      }
      tiles.push({ ...size, x, y })
      x += size.width + gap
      row = Math.max(row, size.height)
    }
    y += row + blockGap
  }
  const widest = Math.max(1, ...tiles.map((tile) => tile.x + tile.width))
  return { width: widest, height: Math.max(1, y - blockGap), tiles }
}

/** For every pixel of the map, `stride` of them a row, the flat index of its weight or `noWeight`. */
export function mapPixels(matrices: readonly Matrix[], map: MapLayout, stride = map.width): Uint32Array<ArrayBuffer> {
  const pixels = new Uint32Array(stride * map.height).fill(noWeight)
  matrices.forEach((matrix, i) => {
    const tile = map.tiles[i]
    if (!tile) return
    tilePixels(matrix).forEach((place, pixel) => {
      const [x, y] = [tile.x + (pixel % tile.width), tile.y + Math.floor(pixel / tile.width)]
      if (place !== noWeight) pixels[y * stride + x] = matrix.offset + place
    })
  })
  return pixels
}

/** For every pixel of a matrix's tile, row by row, the place of its weight in the matrix, or `noWeight`. */
export function tilePixels(matrix: Matrix): Uint32Array<ArrayBuffer> {
  const size = extent(matrix)
  const pixels = new Uint32Array(size.width * size.height).fill(noWeight)
  for (let k = 0; k < matrix.size; k++) {
    const { x, y } = within(size, k)
    pixels[y * size.width + x] = k
  }
  return pixels
}

/** The pixel of a matrix's tile at which its weight number `k` lies. */
function within({ columns, tall, short, band }: ReturnType<typeof extent>, k: number) {
  const [row, column] = [Math.floor(k / columns), k % columns]
  const [along, across] = tall ? [row, column] : [column, row]
  return { x: along % band, y: Math.floor(along / band) * short + across }
}

/** A tile this many times longer than high is folded into bands, or it would be a hairline. */
const longest = 12

/**
 * How a matrix lies on the map: its long side from left to right, cut into bands of `band` pixels, one below the other.
 */
export function extent(tensor: Matrix) {
  const columns = tensor.shape.at(-1) ?? 1
  const rows = tensor.size / columns
  const tall = rows > columns
  const [long, short] = tall ? [rows, columns] : [columns, rows]
  const bands = long > longest * short ? Math.ceil(Math.sqrt(long / short / 4)) : 1
  const band = Math.ceil(long / bands)
  return { columns, tall, short, band, width: band, height: short * Math.ceil(long / band) }
}
