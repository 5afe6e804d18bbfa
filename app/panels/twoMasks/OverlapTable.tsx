import { agreement, type Overlap } from '../../../src/past/overlap'
import { FiguresTable } from '../../controls/FiguresTable'
import { count, percent } from '../../controls/format'
import { layerName } from '../../controls/layerName'

/** What two masks share of every layer, and of all of them. */
export function OverlapTable({ parts }: { readonly parts: readonly Overlap[] }) {
  return (
    <FiguresTable
      label="Overlap of the masks, table"
      columns={['Layer', 'A keeps', 'B keeps', 'Both', 'By chance', 'Shared']}
      rows={parts.map((part) => ({
        id: part.name,
        name: layerName(part.name, 19) || part.name,
        cells: [...[part.a, part.b, part.both, part.chance].map(count), percent(agreement(part) ?? NaN)],
      }))}
    />
  )
}
