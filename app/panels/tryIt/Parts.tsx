import type { Answer, Read } from '../../../src/core/attempt'
import { percent } from '../../controls/format'
import { Pixels } from '../../controls/Pixels'

/**
 * The example, and over it how much each part speaks for the model's answer, or against it.
 * @param then it is the model before its first cut, which stands beside the one that is explained
 */
export function Parts({ answer, then = false }: { readonly answer: Answer; readonly then?: boolean }) {
  const { read } = answer
  return (
    <figure className="try-parts" aria-label={`${then ? 'Before the first cut: ' : ''}${summaryOf(answer)}`}>
      {read.kind === 'image' ? <Picture read={read} answer={answer} /> : <Pieces read={read} answer={answer} />}
      {!then && (
        <figcaption className="help">
          What the answer rests on: each part was hidden once. <span className="try-for">Orange</span> parts speak for
          the answer: without them it becomes less probable. <span className="try-against">Blue</span> ones speak
          against it.
        </figcaption>
      )}
    </figure>
  )
}

interface PartProps<Kind extends Read['kind']> {
  readonly read: Extract<Read, { kind: Kind }>
  readonly answer: Answer
}

function Picture({ read, answer }: PartProps<'image'>) {
  const { rows, columns, width, height } = read
  return (
    <div className="try-pictures">
      <Pixels {...read} />
      <div className="try-over" style={{ aspectRatio: `${width} / ${height}` }}>
        <Pixels {...read} />
        <div className="try-grid" style={{ gridTemplate: `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)` }}>
          {answer.influence.map((influence, part) => (
            <span key={part} title={titleOf(influence)} style={{ background: colourOf(influence, answer) }} />
          ))}
        </div>
      </div>
    </div>
  )
}

function Pieces({ read, answer }: PartProps<'text'>) {
  return (
    <p className="try-pieces">
      {read.pieces.map((piece, part) => {
        const influence = answer.influence[part] ?? 0
        return (
          <span key={part} title={titleOf(influence)} style={{ background: colourOf(influence, answer) }}>
            {piece}
          </span>
        )
      })}
    </p>
  )
}

/** Stronger where it weighs more, compared with the other parts of the example. */
function colourOf(influence: number, { influence: all }: Answer): string {
  const largest = Math.max(0.005, ...all.map(Math.abs))
  const share = Math.round((Math.abs(influence) / largest) * 72)
  return `color-mix(in srgb, var(${influence > 0 ? '--try-for' : '--try-against'}) ${share}%, transparent)`
}

function titleOf(influence: number): string {
  return `${influence >= 0 ? '' : '+'}${percent(-influence)} without it`
}

function summaryOf({ read, influence }: Answer): string {
  const top = influence.indexOf(Math.max(...influence))
  const where =
    read.kind === 'text'
      ? (read.pieces[top] ?? '')
      : `the part in row ${Math.floor(top / read.columns) + 1}, column ${(top % read.columns) + 1}`
  return `The answer rests most on ${where}: ${titleOf(influence[top] ?? 0)}.`
}
