import { scaledTable, type Scaling } from './bicubic'
import type { Form } from './forms'

/**
 * The position table of a ViT, [1 + side * side, width] there: the class token's row, then patches row by row. Here it
 * has that first row or not (`classToken`), and it may be of images of another size, for which it is scaled.
 */
export function gridPositions(classToken: boolean, scaling: Scaling): Form {
  const own = classToken ? 1 : 0
  return {
    there: ([rows = 0, width = 0]) => [rows - own + 1, width],
    fits: ([stored = 0, width], [rows = 0, here]) =>
      width === here && isSquare(stored - 1) && (isSquare(rows - own) || stored - 1 === rows - own),
    read(values, [rows = 0, width = 0], [stored = 0]) {
      const [from, to] = [Math.sqrt(stored - 1), Math.sqrt(rows - own)]
      const grid = values.subarray(width)
      const scaled = from === to ? grid : scaledTable(grid, { from, to, width }, scaling)
      const table = new Float32Array(rows * width)
      table.set(values.subarray(0, own * width))
      table.set(scaled, own * width)
      return table
    },
    write: (values) => values.slice(),
  }
}

function isSquare(count: number): boolean {
  return count > 0 && Number.isInteger(Math.sqrt(count))
}
