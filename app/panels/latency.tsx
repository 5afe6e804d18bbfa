import type { InferenceReport, Latency } from '../../src/core/inference'
import { download } from '../controls/download'
import { count, times, value } from '../controls/format'
import { Term } from '../controls/Term'
import { useActions, useApp } from '../store'
import { shownKept, shownRun } from '../store/shownRun'
import { panel } from './panel'

/** What pruning bought: what theory promises, and what was measured on this device. */
export const latency = panel({
  id: 'latency',
  title: 'Theory and latency',
  place: 'cost',
  Component() {
    const result = useApp((s) => shownRun(s).result)
    const kept = useApp((s) => shownKept(s) !== null)
    if (kept) return <p className="empty">The latency report of a kept run is not kept. Start makes this run again.</p>
    if (!result)
      return (
        <p className="empty">
          When a run has ended, its dense and its pruned model are timed here, next to the speed-up that theory
          promises. The pruned model is also rebuilt without the heads and neurons that are cut whole, and timed again.
        </p>
      )
    if (!result.inference) return <p className="empty">The latency of this run was not measured.</p>
    return (
      <>
        <Report {...result.inference} />
        {result.inference.compact && <SaveRebuilt runId={result.runId} />}
      </>
    )
  },
})

function Report({
  verdict,
  rebuilt,
  compact,
  activated,
  compression,
  theoreticalSpeedup,
  denseMultiplyAdds,
  prunedMultiplyAdds,
  latency: measured,
}: InferenceReport) {
  const most = Math.max(
    theoreticalSpeedup,
    ...measured.flatMap(({ denseMs, compactMs }) => (compactMs === null ? [] : [denseMs / compactMs])),
  )
  return (
    <div className="measured">
      <p>{verdict}</p>
      <p>{rebuilt}</p>
      <dl className="facts">
        {activated && (
          <div>
            <dt>Parameters for one token</dt>
            <dd>
              {count(activated.parameters)} of {count(activated.of)}
            </dd>
          </div>
        )}
        <div>
          <dt>Compression</dt>
          <dd>{times(compression)}</dd>
        </div>
        <div>
          <dt>Multiply-adds of an example</dt>
          <dd>
            {count(denseMultiplyAdds)} dense, {count(prunedMultiplyAdds)} pruned
            {compact && `, ${count(compact.multiplyAdds)} rebuilt`}
          </dd>
        </div>
        {compact && (
          <div>
            <dt>Rebuilt</dt>
            <dd>
              {count(compact.parameters)} parameters,{' '}
              {compact.units.map(({ kind, kept, count: of }) => `${count(kept)} of ${count(of)} ${kind}s`).join(', ')}
            </dd>
          </div>
        )}
      </dl>
      {activated && (
        <p className="help">
          The input chooses these parameters. Tokens are really sent to experts. Heads and neurons that are not chosen
          are multiplied by zero here. Only hardware that skips them would save their time.
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Examples at once</th>
            <th scope="col" className="figures">
              <Term id="latency">Time</Term>
            </th>
            <th scope="col" colSpan={2}>
              Times as fast
            </th>
          </tr>
        </thead>
        <tbody>
          <Way name="In theory" ratio={theoreticalSpeedup} most={most} />
        </tbody>
        {measured.map((row) => (
          <Measured key={row.batch} {...row} most={most} />
        ))}
      </table>
      {measured.map(
        ({ batch, prunedMs, sparseLayers, prunableLayers }) =>
          prunedMs !== null && (
            <p key={batch} className="help">
              {count(batch)} at once: sparse kernels were faster in {sparseLayers} of {prunableLayers} prunable layers.
              {sparseLayers < prunableLayers && ' Other layers gain nothing: zeros are still multiplied.'}
            </p>
          ),
      )}
    </div>
  )
}

function SaveRebuilt({ runId }: { readonly runId: string }) {
  const { weights } = useActions()
  const save = async () => {
    const file = await weights('compact')
    if (file) download(`compact-${runId}.safetensors`, new Blob([Uint8Array.from(file)]))
  }
  return (
    <button
      type="button"
      title="A safetensors file of the model without its dead heads and neurons"
      onClick={() => void save()}
    >
      Save the rebuilt model
    </button>
  )
}

/** The ways that were measured at a batch size. */
function Measured({ batch, denseMs, prunedMs, compactMs, most }: Latency & { readonly most: number }) {
  return (
    <tbody>
      <Way name={`${count(batch)}, dense`} ms={denseMs} ratio={1} most={most} />
      {prunedMs !== null && <Way name="sparse kernels" inner ms={prunedMs} ratio={denseMs / prunedMs} most={most} />}
      {compactMs !== null && <Way name="rebuilt" inner ms={compactMs} ratio={denseMs / compactMs} most={most} />}
    </tbody>
  )
}

interface WayProps {
  readonly name: string
  readonly inner?: boolean
  readonly ms?: number
  readonly ratio: number
  readonly most: number
}

/** A way to run the model: its time, its speed-up, and a bar that is full at the most of the table. */
function Way({ name, inner = false, ms, ratio, most }: WayProps) {
  return (
    <tr>
      <th scope="row" className={inner ? 'inner' : undefined}>
        {name}
      </th>
      <td className="figures">{ms !== undefined && `${value(ms)} ms`}</td>
      <td className="figures">{times(ratio)}</td>
      <td>
        <div className="bar" aria-hidden="true">
          <div style={{ transform: `scaleX(${Math.min(1, ratio / most)})` }} />
        </div>
      </td>
    </tr>
  )
}
