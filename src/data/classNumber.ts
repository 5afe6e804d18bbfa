import { count } from '../core/figures'
import { Problem } from '../core/problem'

/**
 * A label as Parquet gives it (BigInt, number) as a class number below `classes`.
 *
 * @throws Problem naming file and row when it is something else
 */
export function classNumber(value: unknown, classes: number, file: string, row: number): number {
  const label = typeof value === 'bigint' ? Number(value) : value
  if (typeof label === 'number' && Number.isInteger(label) && label >= 0 && label < classes) return label
  throw new Problem(
    `Row ${count(row)} of ${file} has the label ${String(value)}; classes are 0 to ${classes - 1}.`,
    'Use the file with the published labels.',
  )
}
