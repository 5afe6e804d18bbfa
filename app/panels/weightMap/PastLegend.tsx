import type { Colour } from '../../../src/core/palette'
import { pairColours } from '../../../src/core/palette'
import type { Recorded } from '../../../src/core/recorded'
import { count } from '../../controls/format'

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
  const entries: readonly (readonly [string, Colour, number])[] = [
    ['kept', both, kept - frame.back],
    [`cut since ${since}`, cut, frame.cut],
    [`back since ${since}`, back, frame.back],
    ['cut before', neither, all - kept - frame.cut],
  ]
  return (
    <ul className="pair-legend" aria-label="Colours of the map">
      {entries.map(([name, colour, n]) => (
        <li key={name}>
          <span className="number-ground" style={{ background: `rgb(${colour.join(' ')})` }} aria-hidden="true" />
          {name} <span className="range">{count(n)}</span>
        </li>
      ))}
    </ul>
  )
}
