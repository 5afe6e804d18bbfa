import { lazy, Suspense } from 'react'
import { plugin, scratchId } from '../../../src/config/registries'
import { once } from '../../controls/once'
import { useActions, useApp } from '../../store'
import { isFixed, takesPresets } from '../../store/locks'
import { madeInstead, otherModel } from '../../store/presets'
import { isUnderWay } from '../../store/queue'
import { isBusy } from '../../store/run'
import { useRunPreset } from './useRunPreset'

const Recording = lazy(() => import('./Recording'))

/** What was wrong and what to do, and what can be run instead. */
export function ProblemAlert() {
  const problem = useApp((s) => s.run.problem)
  const asked = useApp((s) => s.run.asked)
  const busy = useApp((s) => isBusy(s.run.phase) || isUnderWay(s.comparing))
  const begun = useApp((s) => s.run.last !== null)
  const presets = useApp(takesPresets)
  const modelFixed = useApp((s) => isFixed(s, 'model'))
  const startFixed = useApp((s) => isFixed(s, 'start'))
  const { retry, runSetUp, choose, dismissProblem } = useActions()
  const runMade = useRunPreset()
  if (!problem) return null
  const made = asked && presets && problem.about === 'data' ? madeInstead(asked.experiment) : null
  const other = asked && !modelFixed && problem.about === 'model' ? otherModel(asked.experiment) : null
  const runOther = (model: string) => {
    choose('model', model)
    void runSetUp()
  }
  const runFromScratch = () => {
    choose('start', scratchId)
    void runSetUp()
  }
  return (
    <div className="problem" role="alert">
      <p>
        <strong>{problem.what}</strong>
      </p>
      <p>{problem.fix}</p>
      {asked && !busy && (
        <button type="button" onClick={once(() => void retry())}>
          Try again
        </button>
      )}
      {made && !busy && (
        <button type="button" onClick={() => runMade(made.preset)}>
          Run {made.name} instead
        </button>
      )}
      {other !== null && !busy && (
        <button type="button" onClick={() => runOther(other)}>
          Run {plugin('model', other).label} instead
        </button>
      )}
      {problem.about === 'start' && !startFixed && !busy && (
        <button type="button" onClick={runFromScratch}>
          Run from random weights instead
        </button>
      )}
      {asked && !busy && !begun && (
        <Suspense fallback={null}>
          <Recording />
        </Suspense>
      )}
      <button type="button" className="link" onClick={dismissProblem}>
        Dismiss
      </button>
    </div>
  )
}
