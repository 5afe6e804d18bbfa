import { pairColours } from '../../../src/core/palette'
import type { Overlap } from '../../../src/past/overlap'
import { PairColours } from '../../controls/PairColours'

interface PairLegendProps {
  /** Of all layers. */
  readonly overlap: Overlap
  readonly dark: boolean
}

/** What the colours say of two masks, with how many weights there are of each. */
export function PairLegend({ overlap: { size, a, b, both }, dark }: PairLegendProps) {
  const [neither, onlyB, onlyA, shared] = pairColours[dark ? 'dark' : 'light']
  return (
    <PairColours
      entries={[
        ['both keep', shared, both],
        ['only A keeps', onlyA, a - both],
        ['only B keeps', onlyB, b - both],
        ['neither keeps', neither, size - a - b + both],
      ]}
    />
  )
}
