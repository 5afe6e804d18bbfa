import { familyLabel } from '../../../src/config/familyLabel'
import { firstRunOf } from '../../../src/config/firstRun'
import { runLabel } from '../../../src/config/runLabel'
import { bytes } from '../../controls/format'
import { useApp } from '../../store'
import { idOf } from '../../store/state'

/** The run that the set-up starts from, and whether its weights are here. */
export function FirstRun() {
  const experiment = useApp((s) => s.setup.experiment)
  const weights = useApp((s) => s.weights)
  const first = firstRunOf(experiment)
  if (!first) return null
  const kept = weights.find(({ key }) => key === idOf(first))
  return (
    <p>
      <strong>{runLabel(first)}</strong> <span className="range">{familyLabel(first)}</span>.{' '}
      {kept
        ? `Its weights are kept in this browser (${bytes(kept.bytes)}).`
        : 'Its weights are not kept in this browser, so that run is made first; Cancel gives it up.'}
    </p>
  )
}
