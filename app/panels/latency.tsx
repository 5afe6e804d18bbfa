import type { InferenceReport, Latency } from '../../src/core/inference'
import { count, times, value } from '../controls/format'
import { useApp } from '../store'
import { panel } from './panel'

/** What pruning bought: what theory promises, and what was measured on this device. */
export const latency = panel({
  id: 'latency', title: 'Theory and latency', place: 'narrow',
  Component() {
    const result = useApp((s) => s.run.result)
    if (!result) return <p className="empty">When a run has ended, its dense and its pruned model are timed here, beside the speed-up that theory promises.</p>
    if (!result.inference) return <p className="empty">The latency of this run was not measured.</p>
    return <Report {...result.inference} />
  },
})

function Report({ verdict, compression, theoreticalSpeedup, denseMultiplyAdds, prunedMultiplyAdds, latency: measured }: InferenceReport) {
  return (
    <div className="latency">
      <p>{verdict}</p>
      <dl className="facts">
        <div><dt>Compression</dt><dd>{times(compression)}</dd></div>
        <div><dt>Multiply-adds of an example</dt><dd>{count(denseMultiplyAdds)} dense, {count(prunedMultiplyAdds)} pruned</dd></div>
      </dl>
      <table>
        <thead>
          <tr><th scope="col">Examples at once</th><th scope="col" className="figures">Dense</th><th scope="col" className="figures">Pruned</th><th scope="col" colSpan={2}>Times as fast</th></tr>
        </thead>
        <tbody>
          <tr><th scope="row">In theory</th><td /><td /><Speedup ratio={theoreticalSpeedup} most={theoreticalSpeedup} /></tr>
          {measured.map((row) => <Measured key={row.batch} {...row} theory={theoreticalSpeedup} />)}
        </tbody>
      </table>
      {measured.map(({ batch, prunedMs, sparseLayers, prunableLayers }) => prunedMs !== null && (
        <p key={batch} className="help">{count(batch)} at once: sparse kernels measured faster in {sparseLayers} of {prunableLayers} prunable layers; the others multiply by zeros.</p>
      ))}
    </div>
  )
}

function Measured({ batch, denseMs, prunedMs, theory }: Latency & { readonly theory: number }) {
  return (
    <tr>
      <th scope="row">{count(batch)}</th>
      <td className="figures">{value(denseMs)} ms</td>
      <td className="figures">{prunedMs === null ? '–' : `${value(prunedMs)} ms`}</td>
      <Speedup ratio={prunedMs === null ? 1 : denseMs / prunedMs} most={theory} />
    </tr>
  )
}

/** A speed-up, and a bar that is full at what theory promises. */
function Speedup({ ratio, most }: { readonly ratio: number; readonly most: number }) {
  return (
    <>
      <td className="figures">{times(ratio)}</td>
      <td><div className="bar" aria-hidden="true"><div style={{ transform: `scaleX(${Math.min(1, ratio / most)})` }} /></div></td>
    </>
  )
}
