import type { ReactNode } from 'react'
import { count } from './format'
import type { Matrix } from '../../src/core/weightMap'
import type { ReadWeight } from './followed'
import { unitName } from './unitName'

interface WeightDetailsProps<R extends ReadWeight> {
  /** Null while no weight is pointed at. */
  readonly reading: R | null
  /** Of the model, for the name of its head or neuron. */
  readonly matrices: readonly Matrix[]
  /** What stands behind its place. */
  readonly where?: string
  /** What is known of it: entries of a description list. */
  readonly children: (reading: R) => ReactNode
}

/** What is known of the weight under the cursor, in a place of fixed size. */
export function WeightDetails<R extends ReadWeight>({
  reading,
  matrices,
  where = '',
  children,
}: WeightDetailsProps<R>) {
  if (!reading) return <p className="weight-facts range">Point at a weight to read it.</p>
  const { layer, row, column } = reading
  const unit = unitName(matrices, reading)
  return (
    <dl className="weight-facts">
      <div className="weight-place">
        <dt>{layer}</dt>
        <dd>
          row {count(row)}, column {count(column)}
          {unit && `, ${unit}`}
          {where}
        </dd>
      </div>
      {children(reading)}
    </dl>
  )
}
