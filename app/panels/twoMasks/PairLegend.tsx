import type { Overlap } from '../../../src/past/overlap'
import { PairColours } from '../../controls/PairColours'
import { pairEntries } from './pairEntries'

interface PairLegendProps {
  /** Of all layers. */
  readonly overlap: Overlap
  readonly dark: boolean
}

/** What the colours say of two masks, with how many weights there are of each. */
export function PairLegend({ overlap, dark }: PairLegendProps) {
  return <PairColours entries={pairEntries(overlap, dark)} />
}
