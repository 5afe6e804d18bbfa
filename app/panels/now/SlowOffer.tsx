import { presets } from '../../../src/config/presets'
import { duration, value } from '../../controls/format'
import { once } from '../../controls/once'
import { useActions, useApp } from '../../store'
import { takesPresets } from '../../store/locks'
import { smallerPreset } from '../../store/presets'
import { isUnderWay } from '../../store/queue'
import { useRunPreset } from './useRunPreset'

function pace(ms: number): string {
  return ms < 1000 ? `${value(ms)} ms` : `${value(ms / 1000)} s`
}

/** A smaller run, where this one would take long. */
export function SlowOffer() {
  const slow = useApp((s) => s.run.slow)
  const asked = useApp((s) => s.run.asked)
  const kept = useApp((s) => isUnderWay(s.comparing) || !takesPresets(s))
  const { dismissSlow } = useActions()
  const take = useRunPreset()
  if (!slow || !asked) return null
  const smaller = kept ? null : smallerPreset(asked.experiment, slow.secondsLeft)
  return (
    <div className="note" role="status">
      <p>
        This device takes {pace(slow.msPerStep)} a step, so the run needs about {duration(slow.secondsLeft)}.
      </p>
      {smaller && (
        <button type="button" onClick={once(() => take(smaller))}>
          Run "{presets[smaller]?.label ?? smaller}" instead
        </button>
      )}
      <button type="button" className="link" onClick={dismissSlow}>
        Keep going
      </button>
    </div>
  )
}
