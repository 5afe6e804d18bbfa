import { pairColours } from '../../../src/core/palette'
import type { Recorded } from '../../../src/core/recorded'
import { count } from '../../controls/format'
import { PairColours } from '../../controls/PairColours'

interface PastLegendProps {
  readonly record: Recorded
  readonly i: number
  readonly dark: boolean
}

/** What the colours of a past moment say, with how many weights there are of each. */
export function PastLegend({ record: { matrices, frames }, i, dark }: PastLegendProps) {
  const frame = frames[i]
  if (!frame) return null
  const kept = frame.kept.reduce((sum, n) => sum + n, 0)
  const all = matrices.reduce((sum, { size }) => sum + size, 0)
  const since = frame.whole || i === 0 ? 'the start' : `step ${count(frames[i - 1]?.step ?? 0)}`
  const [neither, back, cut, both] = pairColours[dark ? 'dark' : 'light']
  return (
    <PairColours
      entries={[
        ['kept', both, kept - frame.back],
        [`cut since ${since}`, cut, frame.cut],
        [`back since ${since}`, back, frame.back],
        ['cut before', neither, all - kept - frame.cut],
      ]}
    />
  )
}
