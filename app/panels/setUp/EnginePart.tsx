import { useId } from 'react'
import { useActions, useApp } from '../../store'
import { backendNames, isBackend } from '../../store/ui'
import { Fold } from '../../controls/Fold'

/** What computes; no part of the experiment. */
export function EnginePart() {
  const id = useId()
  const { backend, allowSoftware, pauseHidden } = useApp((s) => s.ui)
  const { setUi } = useActions()
  return (
    <Fold summary="Engine" note={backendNames[backend]}>
      <div className="knob">
        <div className="knob-head">
          <label htmlFor={id}>Backend</label>
          <select
            id={id}
            value={backend}
            aria-describedby={`${id}-help`}
            onChange={(event) => {
              if (isBackend(event.target.value)) setUi({ backend: event.target.value })
            }}
          >
            {Object.entries(backendNames).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <p className="help" id={`${id}-help`}>
          Automatic takes WebGPU if there is a real GPU, else WebAssembly. This is not part of the experiment or its
          link.
        </p>
        <label className="flag">
          <input
            type="checkbox"
            checked={allowSoftware}
            onChange={(event) => setUi({ allowSoftware: event.target.checked })}
          />
          Allow a software GPU
        </label>
        <p className="help">Correct, but slower than WebAssembly on most machines.</p>
        <label className="flag">
          <input
            type="checkbox"
            checked={pauseHidden}
            onChange={(event) => setUi({ pauseHidden: event.target.checked })}
          />
          Pause while the tab is hidden
        </label>
        <p className="help">Otherwise a run goes on in the background. This browser remembers the choice.</p>
      </div>
    </Fold>
  )
}
