import type { Colour } from '../../src/core/palette'
import { count } from './format'

interface PairColoursProps {
  /** What each colour says, and how many weights have it. */
  readonly entries: readonly (readonly [name: string, colour: Colour, weights: number])[]
}

/** The colours of a map of two masks. */
export function PairColours({ entries }: PairColoursProps) {
  return (
    <ul className="pair-legend" aria-label="Colours of the map">
      {entries.map(([name, colour, weights]) => (
        <li key={name}>
          <span className="number-ground" style={{ background: `rgb(${colour.join(' ')})` }} aria-hidden="true" />
          {name} <span className="range">{count(weights)}</span>
        </li>
      ))}
    </ul>
  )
}
