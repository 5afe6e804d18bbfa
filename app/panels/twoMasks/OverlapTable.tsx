import { agreement, type Overlap } from '../../../src/past/overlap'
import { count, percent } from '../../controls/format'
import { layerName } from '../../controls/layerName'

const columns = ['A keeps', 'B keeps', 'Both', 'By chance', 'Shared'] as const

/** What two masks share of every layer, and of all of them. */
export function OverlapTable({ parts }: { readonly parts: readonly Overlap[] }) {
  return (
    <div className="run-table" tabIndex={0} role="region" aria-label="Overlap of the masks, table">
      <table>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            {columns.map((name) => (
              <th key={name} scope="col" className="figures">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.name}>
              <th scope="row">{layerName(part.name, 19) || part.name}</th>
              {[part.a, part.b, part.both, part.chance].map((n, i) => (
                <td key={columns[i]} className="figures">
                  {count(n)}
                </td>
              ))}
              <td className="figures">{percent(agreement(part) ?? NaN)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
