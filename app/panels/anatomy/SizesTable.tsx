import type { MatrixSizes } from '../../../src/past/anatomy'
import { count, percent } from '../../controls/format'
import { Fold } from '../../controls/Fold'
import { layerName } from '../../controls/layerName'

const columns = ['Rows x columns', 'Rebuilt', 'Stays'] as const

/** Every prunable matrix as it is, and as it is in the model without dead units. */
export function SizesTable({ sizes }: { readonly sizes: readonly MatrixSizes[] }) {
  const shrunk = sizes.filter((matrix) => shareLeft(matrix) < 1).length
  return (
    <Fold summary="Sizes of the matrices" note={`${count(shrunk)} of ${count(sizes.length)} would shrink`}>
      <div className="run-table" tabIndex={0} role="region" aria-label="Sizes of the matrices, table">
        <table>
          <thead>
            <tr>
              <th scope="col">Matrix</th>
              {columns.map((name) => (
                <th key={name} scope="col" className="figures">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sizes.map((matrix) => (
              <tr key={matrix.name}>
                <th scope="row">{layerName(matrix.name, 22) || matrix.name}</th>
                <td className="figures">{sizeText(matrix.before)}</td>
                <td className="figures">{sizeText(matrix.after)}</td>
                <td className="figures">{percent(shareLeft(matrix))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Fold>
  )
}

function shareLeft({ before: [rows, columns], after }: MatrixSizes): number {
  return (after[0] * after[1]) / (rows * columns)
}

function sizeText([rows, columns]: MatrixSizes['before']): string {
  return `${count(rows)} x ${count(columns)}`
}
