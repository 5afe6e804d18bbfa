import { MainButton } from '../controls/MainButton'
import { Meter } from '../controls/Meter'
import { useActions, useApp } from '../store'
import { isUnderWay } from '../store/queue'
import { isOpening, type AppState } from '../store/state'
import { useOpenRun } from '../store/useOpenRun'
import { panel } from './panel'
import { progressOf } from './progress/progressOf'

/** Start, and how far the run is. */
export const progress = panel({
  id: 'progress',
  title: 'Progress',
  place: 'bar',
  Component() {
    const run = useOpenRun()
    return (
      <div className="progress">
        <PrimaryButton />
        <Meter {...progressOf(run)} />
      </div>
    )
  },
})

/** One button that is always the next thing to do; it keeps its place, so that Space pauses and goes on. */
function PrimaryButton() {
  const label = useApp(nextThing)
  const { start, pause, cancel } = useActions()
  const acts = { Cancel: cancel, Pause: pause, Resume: start, Start: start } as const
  return <MainButton label={label} onPress={() => void acts[label]()} />
}

/** A comparison is paused and resumed as a whole, also while one of its runs opens. */
function nextThing(state: AppState) {
  const {
    run: { phase },
    comparing,
  } = state
  if (isUnderWay(comparing)) return comparing.queue?.state === 'paused' ? 'Resume' : 'Pause'
  if (isOpening(state)) return 'Cancel'
  if (phase === 'running' || phase === 'scoring') return 'Pause'
  return phase === 'paused' ? 'Resume' : 'Start'
}
