import type { MatrixSizes } from '../../../src/past/anatomy'
import { count, percent } from '../../controls/format'
import { FiguresTable } from '../../controls/FiguresTable'
import { Fold } from '../../controls/Fold'
import { layerName } from '../../controls/layerName'

/** Every prunable matrix as it is, and as it is in the model without dead units. */
export function SizesTable({ sizes }: { readonly sizes: readonly MatrixSizes[] }) {
  const shrunk = sizes.filter((matrix) => shareLeft(matrix) < 1).length
  return (
    <Fold summary="Sizes of the matrices" note={`${count(shrunk)} of ${count(sizes.length)} would shrink`}>
      <FiguresTable
        label="Sizes of the matrices, table"
        columns={['Matrix', 'Rows x columns', 'Rebuilt', 'Stays']}
        rows={sizes.map((matrix) => ({
          id: matrix.name,
          name: layerName(matrix.name, 22) || matrix.name,
          cells: [sizeText(matrix.before), sizeText(matrix.after), percent(shareLeft(matrix))],
        }))}
      />
    </Fold>
  )
}

function shareLeft({ before: [rows, columns], after }: MatrixSizes): number {
  return (after[0] * after[1]) / (rows * columns)
}

function sizeText([rows, columns]: MatrixSizes['before']): string {
  return `${count(rows)} x ${count(columns)}`
}
