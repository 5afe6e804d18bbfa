import { describe, expect, it } from 'vitest'
import { placeTensors } from '../../core/layout'
import type { TensorSpec } from '../../core/model'
import { noWeight } from '../../../shaders/show/paint'
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
  const map = mapLayout(layout)

  it('shows every prunable weight at exactly one pixel inside its tile', () => {
    const stride = map.width + 3
    const pixels = mapPixels(layout, map, stride)
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
})
