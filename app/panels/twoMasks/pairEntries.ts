import { pairColours, type Colour } from '../../../src/core/palette'
import type { Overlap } from '../../../src/past/overlap'

/** Of each kind of weight: its name, its colour, and how many there are. */
export function pairEntries(
  { size, a, b, both }: Overlap,
  dark: boolean,
): readonly (readonly [string, Colour, number])[] {
  const [neither, onlyB, onlyA, shared] = pairColours[dark ? 'dark' : 'light']
  return [
    ['both keep', shared, both],
    ['only A keeps', onlyA, a - both],
    ['only B keeps', onlyB, b - both],
    ['neither keeps', neither, size - a - b + both],
  ]
}
