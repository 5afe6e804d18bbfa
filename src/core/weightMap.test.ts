import { describe, expect, it } from 'vitest'
import { placeTensors } from './layout'
import type { TensorSpec } from './model'
import { noWeight } from './noWeight'
import { mapLayout, mapPixels } from './weightMap'

const matrix = (name: string, rows: number, columns: number): TensorSpec => ({
  name,
  shape: [rows, columns],
  init: { kind: 'normal', deviation: 0.02 },
  prunable: true,
  decay: true,
})

describe('the weight map', () => {
  const layout = placeTensors([matrix('a', 3, 5), matrix('b', 7, 2), matrix('c', 4, 4), matrix('d', 75, 2)])
  const map = mapLayout(layout.prunable)

  it('shows every prunable weight at exactly one pixel inside its tile', () => {
    const stride = map.width + 3
    const pixels = mapPixels(layout.prunable, map, stride)
    const seen = [...pixels].filter((i) => i !== noWeight).sort((x, y) => x - y)
    const expected = layout.prunable.flatMap((t) => Array.from({ length: t.size }, (_, k) => t.offset + k))
    expect(seen).toEqual(expected)
    layout.prunable.forEach((t, n) => {
      const tile = map.tiles[n]!
      const place = pixels.indexOf(t.offset)
      expect([place % stride, Math.floor(place / stride)]).toEqual([tile.x, tile.y])
    })
  })

  it('lays tall matrices on their side, folds long ones, and keeps tiles apart', () => {
    expect(map.tiles[1]).toMatchObject({ width: 7, height: 2 })
    // 75 x 2 is 37 times longer than high: ceil(sqrt(75 / 2 / 4)) = 4 bands of ceil(75 / 4) = 19.
    expect(map.tiles[3]).toMatchObject({ width: 19, height: 8 })
    map.tiles.forEach((s, i) =>
      map.tiles.slice(i + 1).forEach((t) => {
        expect(s.x + s.width < t.x || t.x + t.width < s.x || s.y + s.height < t.y || t.y + t.height < s.y).toBe(true)
      }),
    )
  })

  it('begins a row with every block, and folds blocks where the map would be too wide', () => {
    const attention = (block: string) => ['query', 'key', 'value', 'output'].map((name) => `${block}/${name}`)
    const blocks = (count: number) =>
      placeTensors(
        Array.from({ length: count }, (_, i) => attention(`block${i}`).map((name) => matrix(name, 8, 8))).flat(),
      )
    const placesOf = (count: number) => mapLayout(blocks(count).prunable).tiles.map(({ x, y }) => [x, y])
    // Two blocks of 8 x 8 tiles: 38 wide and 20 high is 1.9 times wider, 18 x 40 too high.
    expect(placesOf(2)).toEqual([
      [0, 0],
      [10, 0],
      [20, 0],
      [30, 0],
      [0, 12],
      [10, 12],
      [20, 12],
      [30, 12],
    ])
    // One block alone, in a row: 4.75 times wider than high; in two rows: 18 x 18.
    expect(placesOf(1)).toEqual([
      [0, 0],
      [10, 0],
      [0, 10],
      [10, 10],
    ])
  })
})
