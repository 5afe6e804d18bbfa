import { expect, it } from 'vitest'
import type { Colour } from '../core/palette'
import { kindOf, paintPair } from './paintPair'

const colours: readonly [Colour, Colour, Colour, Colour] = [
  [0, 0, 0],
  [1, 1, 1],
  [2, 2, 2],
  [3, 3, 3],
]

it('paints every weight by the masks that it is in', () => {
  const matrix = { name: 'a', shape: [2, 2], offset: 64, size: 4 }
  // Bits 64 to 67: neither, the first alone, the second alone, both.
  const pair = [Uint32Array.of(0, 0, 0b1010), Uint32Array.of(0, 0, 0b1100)] as const
  expect([64, 65, 66, 67].map((i) => kindOf(pair, i))).toEqual([0, 2, 1, 3])
  expect([...paintPair(matrix, pair, colours)]).toEqual([0, 0, 0, 255, 2, 2, 2, 255, 1, 1, 1, 255, 3, 3, 3, 255])
})

it('leaves pixels without a weight clear: the last band of a folded matrix is shorter', () => {
  // 75 x 2 lies on its side in 4 bands of 19: 76 places for 75 rows.
  const matrix = { name: 'd', shape: [75, 2], offset: 0, size: 150 }
  const all = new Uint32Array(5).fill(0xffffffff)
  const image = paintPair(matrix, [all, all], colours)
  const clear = [...image].filter((byte, i) => i % 4 === 3 && byte === 0)
  expect([image.length / 4, clear.length]).toEqual([152, 2])
})
