import { count, percent } from '../controls/format'
import { layerName } from '../controls/layerName'
import { Term } from '../controls/Term'
import { useApp } from '../store'
import { shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

const selectLayers = (s: AppState) => shownRun(s).layers

/** Kept weights of each prunable layer. */
export const layers = panel({
  id: 'layers',
  title: 'Sparsity per layer',
  place: 'inside',
  Component() {
    const rows = useSlow(selectLayers)
    const explored = useApp((s) => shownRun(s).result?.explored)
    if (rows.length === 0)
      return <p className="empty">Each prunable layer gets a bar here. It shows how many of its weights are kept.</p>
    return (
      <>
        <div className="layers" tabIndex={0} role="region" aria-label="Sparsity per layer, table">
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <Term id="layer">Layer</Term>
                </th>
                <th scope="col">
                  <Term id="kept">Kept</Term>
                </th>
                <th scope="col" className="figures">
                  Weights kept
                </th>
                <th scope="col" className="figures">
                  <Term id="sparsity">Sparsity</Term>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, kept, size }) => (
                <tr key={name}>
                  <th scope="row">{layerName(name, 19) || name}</th>
                  <td>
                    <div className="bar" aria-hidden="true">
                      <div style={{ transform: `scaleX(${kept / size})` }} />
                    </div>
                  </td>
                  <td className="figures">
                    {count(kept)} / {count(size)}
                  </td>
                  <td className="figures">{percent(1 - kept / size)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {explored !== undefined && (
          <p className="help">
            {percent(explored)} of these weights were kept at some step (in-time over-parametrisation).
          </p>
        )}
      </>
    )
  },
})
