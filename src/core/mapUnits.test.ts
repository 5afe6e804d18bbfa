import { expect, it } from 'vitest'
import { unitAt, unitBoxes } from './mapUnits'
import { mapLayout, pixelOf, type Matrix } from './weightMap'

const site = { kind: 'neuron', layer: 'block0/mlp', count: 2 } as const
/** 2 x 4 into two neurons, 4 x 2 out of them: both lie on the map with 4 weights across. */
const into: Matrix = { name: 'in', shape: [2, 4], offset: 0, size: 8, units: { ...site, side: 'enters' } }
const out: Matrix = { name: 'out', shape: [4, 2], offset: 64, size: 8, units: { ...site, side: 'leaves' } }
/** 2 x 40 into two heads, folded into bands of 14, of which the second head has places 20 to 39. */
const folded: Matrix = {
  ...{ name: 'q', shape: [2, 40], offset: 128, size: 80 },
  units: { kind: 'head', layer: 'block0/attention', count: 2, side: 'enters' },
}
const matrices = [into, out, folded, { name: 'rest', shape: [2, 2], offset: 256, size: 4 }]

it('names the head or neuron of a weight: by its column on the way in, by its row on the way out', () => {
  const numbers = (offset: number, places: readonly number[]) =>
    places.map((place) => unitAt(matrices, offset + place)?.number)
  expect(numbers(0, [0, 1, 2, 3, 4, 7])).toEqual([0, 0, 1, 1, 0, 1])
  expect(numbers(64, [0, 3, 4, 7])).toEqual([0, 0, 1, 1])
  expect(unitAt(matrices, 128 + 79)).toEqual({ kind: 'head', layer: 'block0/attention', number: 1 })
  expect([unitAt(matrices, 256), unitAt(matrices, 20)]).toEqual([null, null])
})

it('finds a unit on the map by hand: across its tile, and in the bands of a folded one', () => {
  const at = { x: 10, y: 20 }
  expect(unitBoxes(into, at, 1)).toEqual([{ x: 12, y: 20, width: 2, height: 2 }])
  expect(unitBoxes(out, at, 0)).toEqual([{ x: 10, y: 20, width: 2, height: 2 }])
  expect(unitBoxes(folded, at, 1)).toEqual([
    { x: 16, y: 22, width: 8, height: 2 },
    { x: 10, y: 24, width: 12, height: 2 },
  ])
  // A square matrix that units leave by its rows has them one below the other.
  const square: Matrix = { ...out, shape: [4, 4], size: 16 }
  expect(unitBoxes(square, at, 1)).toEqual([{ x: 10, y: 22, width: 4, height: 2 }])
})

it('every weight lies in the boxes of its unit, and in those of no other', () => {
  const shapes = [
    [6, 3],
    [3, 6],
    [6, 6],
    [2, 90],
    [90, 2],
    [64, 3],
  ] as const
  for (const [rows, columns] of shapes)
    for (const side of ['enters', 'leaves'] as const) {
      const units = side === 'enters' ? columns : rows
      const count = units % 2 === 0 ? units / 2 : units
      const matrix: Matrix = {
        ...{ name: 'a', shape: [rows, columns], offset: 0, size: rows * columns },
        units: { kind: 'head', layer: 'a', count, side },
      }
      const layout = mapLayout([matrix])
      const [tile] = layout.tiles
      const boxes = Array.from({ length: count }, (_, unit) => unitBoxes(matrix, tile!, unit))
      for (let i = 0; i < matrix.size; i++) {
        const { x, y } = pixelOf([matrix], layout, i)!
        const holding = boxes.flatMap((parts, unit) =>
          parts.some((b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height) ? [unit] : [],
        )
        expect(holding).toEqual([unitAt([matrix], i)?.number])
      }
    }
})
