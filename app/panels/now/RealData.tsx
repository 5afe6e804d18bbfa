import { bytes } from '../../controls/format'
import { useActions, useApp } from '../../store'
import { takesPresets } from '../../store/locks'
import { isMade, realData } from '../../store/presets'
import { isBusy } from '../../store/run'

/** One click away from made data: real data, with what it takes to fetch. */
export function RealData() {
  const made = useApp((s) => isMade(s.setup.experiment) && takesPresets(s))
  const busy = useApp((s) => isBusy(s.run.phase))
  const { setPreset } = useActions()
  if (!made) return null
  return (
    <p className="real-data">
      Real data:
      {realData.map(({ preset, label, bytes: size }) => (
        <button
          key={preset}
          type="button"
          className="link"
          disabled={busy}
          title="Sets data, model and training; Start fetches the data"
          onClick={() => setPreset(preset)}
        >
          {label}, {bytes(size)}
        </button>
      ))}
    </p>
  )
}
