import { familyLabel } from '../../src/config/familyLabel'
import { runLabel } from '../../src/config/runLabel'
import { count } from '../controls/format'
import { once } from '../controls/once'
import { useActions, useApp } from '../store'
import { isLeftOffered } from '../store/state'
import { panel } from './panel'

/** Offers the run in which the page was left: its tab was closed, crashed or was loaded again. */
export const leftRun = panel({
  id: 'left-run',
  title: 'Unfinished run',
  place: 'top',
  shown: isLeftOffered,
  Component() {
    const left = useApp((s) => s.left)
    const { continueLeft, discardLeft } = useActions()
    if (!left) return null
    const { experiment, step, at } = left
    return (
      <div className="note" role="status">
        <p>
          <strong>{runLabel(experiment)}</strong>, {familyLabel(experiment)}: saved at step {count(step)},{' '}
          {ago(Date.now() - at)}.
        </p>
        <button type="button" onClick={once(() => void continueLeft())}>
          Continue
        </button>
        <button type="button" className="link" onClick={discardLeft}>
          Discard
        </button>
      </div>
    )
  },
})

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** "2 minutes ago". */
function ago(milliseconds: number): string {
  const [unit, length] = units.find(([, length]) => milliseconds >= length) ?? ['second', 1000]
  return new Intl.RelativeTimeFormat('en').format(-Math.max(0, Math.floor(milliseconds / length)), unit)
}
