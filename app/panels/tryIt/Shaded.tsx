import type { Read } from '../../../src/core/attempt'
import { Pixels } from '../../controls/Pixels'

/** How one part of an example is drawn. */
export interface Shade {
  readonly colour: string
  readonly title: string
}

interface ShadedProps {
  readonly read: Read
  /** Of each part, in the order of `Answer.influence`. */
  readonly shades: readonly Shade[]
}

/** The example as the model reads it, a colour over each of its parts. */
export function Shaded({ read, shades }: ShadedProps) {
  if (read.kind === 'text')
    return (
      <p className="try-pieces">
        {read.pieces.map((piece, part) => (
          <span key={part} title={shades[part]?.title} style={{ background: shades[part]?.colour }}>
            {piece}
          </span>
        ))}
      </p>
    )
  const { rows, columns, width, height } = read
  return (
    <div className="try-over" style={{ aspectRatio: `${width} / ${height}` }}>
      <Pixels {...read} />
      <div className="try-grid" style={{ gridTemplate: `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)` }}>
        {shades.map(({ colour, title }, part) => (
          <span key={part} title={title} style={{ background: colour }} />
        ))}
      </div>
    </div>
  )
}

/** A part as a sentence names it. */
export function partName(read: Read, part: number): string {
  if (read.kind === 'text') return read.pieces[part] ?? ''
  return `the part in row ${Math.floor(part / read.columns) + 1}, column ${(part % read.columns) + 1}`
}
