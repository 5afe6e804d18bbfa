import { unitBoxes, type Box, type Unit } from '../../src/core/mapUnits'
import type { MapTile } from '../../src/core/trainer'
import type { Matrix } from '../../src/core/weightMap'
import type { Size, View } from './viewport'

interface UnitOutlinesProps {
  readonly matrices: readonly Matrix[]
  /** Theirs, in the same order. */
  readonly tiles: readonly MapTile[]
  readonly view: View
  /** Of the box in which the map lies. */
  readonly size: Size
  /** What lies under the cursor: it is drawn in every matrix that it has weights in. */
  readonly chosen: Unit | null
}

/** CSS pixels that a unit is wide at least, or its outline would hide it. */
const narrowest = 4

/** Heads and neurons as lines over the weight map. */
export function UnitOutlines({ matrices, tiles, view, size, chosen }: UnitOutlinesProps) {
  const isSeen = ({ x, y, width, height }: Box) =>
    view.x + (x + width) * view.scale > 0
    && view.y + (y + height) * view.scale > 0
    && view.x + x * view.scale < size.width
    && view.y + y * view.scale < size.height
  const boxesOf = (wanted: (matrix: Matrix) => readonly number[]) =>
    matrices.flatMap((matrix, i) => {
      const tile = tiles[i]
      if (!tile || !isSeen(tile)) return []
      return wanted(matrix).flatMap((unit) => unitBoxes(matrix, tile, unit))
    })
  const isWide = ({ width, height }: Box) => Math.min(width, height) * view.scale >= narrowest
  const all = boxesOf(({ units }) => (units ? [...Array(units.count).keys()] : [])).filter(isWide)
  const own = boxesOf(({ units }) => (chosen && units?.layer === chosen.layer ? [chosen.number] : []))
  return (
    <svg className="map-units" aria-hidden="true">
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        <path className="map-unit-ground" d={pathOf(all.filter(isSeen))} />
        <path d={pathOf(all.filter(isSeen))} />
        <path className="map-unit-chosen" d={pathOf(own.filter(isSeen))} />
      </g>
    </svg>
  )
}

function pathOf(boxes: readonly Box[]): string {
  return boxes.map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}z`).join('')
}
