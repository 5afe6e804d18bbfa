import { plugin } from '../../../src/config/registries'
import type { Experiment } from '../../../src/core/experiment'
import { Fold } from '../../controls/Fold'
import { bytes, count } from '../../controls/format'
import { useApp } from '../../store'
import { isBusy } from '../../store/run'
import type { AppState } from '../../store/state'
import { backendNames } from '../../store/ui'

/** Engine and data, whether or not a run is open: what is not known yet says when it will be. */
export function Facts() {
  const opened = useApp((s) => s.run.opened)
  const wanted = useApp(engineText)
  const wantedData = useApp((s) => dataText(s.setup.experiment))
  const note = opened ? backendNames[opened.backend.backend] : ''
  return (
    <Fold summary="Engine and data" note={note}>
      <dl className="facts">
        <div>
          <dt>Engine</dt>
          <dd>
            {opened ? (
              <>
                <strong>{backendNames[opened.backend.backend]}</strong> {opened.backend.device}
                {opened.backend.software && ' (software)'}. {opened.backend.reason}
              </>
            ) : (
              wanted
            )}
          </dd>
        </div>
        <div>
          <dt>Data</dt>
          <dd>{opened ? opened.source.text : wantedData}</dd>
        </div>
        {opened && (
          <div>
            <dt>Weights</dt>
            <dd>
              {count(opened.parameters)}, of which {count(opened.prunable)} can be pruned.
            </dd>
          </div>
        )}
      </dl>
    </Fold>
  )
}

/** The engine of a run that is not open yet: its own while it opens or where it failed, else the chosen one. */
function engineText({ ui, run: { phase, asked } }: AppState): string {
  const opening = isBusy(phase)
  const backend = opening || phase === 'failed' ? (asked?.backend ?? ui.backend) : ui.backend
  if (backend !== 'auto') return `${backendNames[backend]}, as you chose.`
  if (opening) return `${backendNames.auto}. GPU or CPU is being chosen.`
  return `${backendNames.auto}. Start chooses GPU or CPU.`
}

function dataText({ data: { id, values } }: Experiment): string {
  const set = plugin('data', id)
  const size = set.download?.(values)
  if (size === undefined) return `${set.label}.`
  return `${set.label}: from this page's own origin where that has it, else about ${bytes(size)} from Hugging Face.`
}
