import type { Answer } from '../../../src/core/attempt'
import { percent } from '../../controls/format'
import { Pixels } from '../../controls/Pixels'
import { partName, Shaded } from './Shaded'

/**
 * The example, and over it how much each part speaks for the model's answer, or against it.
 * @param then it is the model before its first cut, which stands beside the one that is explained
 */
export function Parts({ answer, then = false }: { readonly answer: Answer; readonly then?: boolean }) {
  const { read, influence } = answer
  const shaded = (
    <Shaded read={read} shades={influence.map((one) => ({ colour: colourOf(one, answer), title: titleOf(one) }))} />
  )
  return (
    <figure className="try-parts" aria-label={`${then ? 'Before the first cut: ' : ''}${summaryOf(answer)}`}>
      {read.kind === 'text' ? (
        shaded
      ) : (
        <div className="try-pictures">
          <Pixels {...read} />
          {shaded}
        </div>
      )}
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
  return `The answer rests most on ${partName(read, top)}: ${titleOf(influence[top] ?? 0)}.`
}
