import { startingFrom } from '../../../src/config/firstRun'
import { bytes } from '../../controls/format'
import { once } from '../../controls/once'
import { useActions, useApp } from '../../store'
import { shownId, shownRun } from '../../store/shownRun'
import type { AppState } from '../../store/state'

/** Sets up a run that starts from the weights of the shown one, which has come to its end. */
export function FineTune() {
  const experiment = useApp(endedExperiment)
  const weights = useApp((s) => s.weights.find(({ key }) => key === shownId(s))?.bytes)
  const setUp = useApp((s) => s.setup.experiment)
  const { setExperiment } = useActions()
  if (!experiment) return null
  const next = startingFrom(experiment)
  if (
    typeof next !== 'string'
    && setUp.start.id === next.start.id
    && setUp.start.values.link === next.start.values.link
  )
    return null
  if (typeof next === 'string') return <span className="range"> No run can start from this one. {next}</span>
  return (
    <span>
      {' · '}
      <button type="button" className="link" onClick={once(() => setExperiment(next))}>
        Fine-tune from here
      </button>{' '}
      <span className="range">
        {weights === undefined
          ? 'its weights are not kept, so it would be made again first'
          : `its weights are kept, ${bytes(weights)}`}
      </span>
    </span>
  )
}

/** The experiment of the shown run, where it did all its steps; only such a run can be made again. */
function endedExperiment(state: AppState) {
  const { asked, last } = shownRun(state)
  const ended = shownId(state) !== null && asked && last && last.step >= asked.experiment.training.steps
  return ended ? asked.experiment : null
}
