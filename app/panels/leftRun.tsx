import { useMemo } from 'react'
import { familyLabel } from '../../src/config/familyLabel'
import { fromLink } from '../../src/config/link'
import { runLabel } from '../../src/config/runLabel'
import { count } from '../controls/format'
import { once } from '../controls/once'
import { useActions, useApp } from '../store'
import type { Left } from '../store/left'
import { isKept, possibleRuns } from '../store/queue'
import { isFree, leftHere, type Elsewhere } from '../store/state'
import { panel } from './panel'

/** Offers what the page was left in (its tab was closed, crashed or was loaded again), and what other tabs train. */
export const leftRun = panel({
  id: 'left-run',
  title: 'Unfinished run',
  place: 'top',
  shown: (state) => isFree(state) && leftHere(state).length + state.elsewhere.length > 0,
  Component() {
    const left = useApp((s) => s.left)
    const elsewhere = useApp((s) => s.elsewhere)
    return (
      <>
        {elsewhere.map((other) => (
          <ElsewhereOffer key={other.claim} {...other} />
        ))}
        {leftHere({ left, elsewhere }).map((one) => (
          <LeftOffer key={one.link} {...one} />
        ))}
      </>
    )
  },
})

function LeftOffer(left: Left) {
  const { continueLeft, discardLeft } = useActions()
  const { link, experiment, recipe, step, at } = left
  return (
    <div className="note" role="status">
      {recipe ? (
        <ComparisonText {...left} />
      ) : (
        <p>
          <strong>{runLabel(experiment)}</strong>, {familyLabel(experiment)}: saved at step {count(step)}, {ago(at)}.
        </p>
      )}
      <button type="button" onClick={once(() => void continueLeft(link))}>
        Continue
      </button>
      <button type="button" className="link" onClick={() => discardLeft(link)}>
        Discard
      </button>
    </div>
  )
}

function ComparisonText({ link, experiment, recipe, at }: Left) {
  const runs = useApp((s) => s.runs)
  const current = useApp((s) => s.left.find(({ within }) => within === link))
  const planned = useMemo(() => (recipe ? possibleRuns(recipe, experiment, []) : []), [recipe, experiment])
  const done = planned.filter((run) => isKept(runs, run)).length
  return (
    <p>
      <strong>Comparison of {count(planned.length)} runs</strong>, {familyLabel(experiment)}: {count(done)} done
      {current && `, then ${runLabel(current.experiment)}, saved at step ${count(current.step)}`}, {ago(at)}.
    </p>
  )
}

function ElsewhereOffer({ claim, link }: Elsewhere) {
  const { takeOver } = useActions()
  const noted = useApp((s) => s.left.find((one) => one.link === link || one.within === link))
  const { experiment, recipe } = fromLink(link)
  if (link === '')
    return (
      <div className="note" role="status">
        <p>Another tab trains on files that you chose there; it alone can go on with that run.</p>
      </div>
    )
  return (
    <div className="note" role="status">
      <p>
        <strong>{recipe ? 'A comparison' : runLabel(experiment)}</strong>, {familyLabel(experiment)}: another tab has it
        {noted && noted.step > 0 && `, saved at step ${count(noted.step)}`}.
      </p>
      <button type="button" onClick={once(() => void takeOver({ claim, link }))}>
        Take over
      </button>
    </div>
  )
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** "2 minutes ago". @param at milliseconds since 1970 */
function ago(at: number): string {
  const milliseconds = Date.now() - at
  const [unit, length] = units.find(([, length]) => milliseconds >= length) ?? ['second', 1000]
  return new Intl.RelativeTimeFormat('en').format(-Math.max(0, Math.floor(milliseconds / length)), unit)
}
