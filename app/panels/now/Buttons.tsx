import { useActions, useApp } from '../../store'
import { isFixed } from '../../store/locks'
import { isUnderWay } from '../../store/queue'
import { isBusy, isOpen, isUnfinished } from '../../store/run'
import { isOpening } from '../../store/state'

/** What can be done with a run beside starting it. */
export function Buttons() {
  const phase = useApp((s) => s.run.phase)
  const busy = useApp((s) => isBusy(s.run.phase) || isOpening(s))
  const open = useApp((s) => isOpen(s.run) && !isOpening(s))
  const comparing = useApp((s) => isUnderWay(s.comparing))
  const seedFixed = useApp((s) => isFixed(s, 'seed'))
  const { step, stop, reset, redraw } = useActions()
  return (
    <div className="buttons" role="group" aria-label="Run controls">
      <button type="button" disabled={comparing || busy} onClick={() => void step()}>
        One step
      </button>
      <button
        type="button"
        disabled={!comparing && !isUnfinished(phase)}
        title={comparing ? 'Stops the comparison' : 'Ends the run here and keeps it'}
        onClick={() => void stop()}
      >
        Stop
      </button>
      <button
        type="button"
        disabled={comparing || !open}
        title="Back to step 0 with the same weights"
        onClick={() => void reset()}
      >
        Reset
      </button>
      <button
        type="button"
        disabled={comparing || busy || seedFixed}
        title={seedFixed ? 'The link locks the seed' : 'A new seed: other weights and another order of examples'}
        onClick={() => void redraw()}
      >
        New seed
      </button>
    </div>
  )
}
