import { unitAt } from '../../src/core/mapUnits'
import { indexOf, type Matrix } from '../../src/core/weightMap'
import type { ReadWeight } from './followed'

/** The head or neuron of a weight as the page writes it, such as "head 1"; empty where it has none. */
export function unitName(matrices: readonly Matrix[], reading: ReadWeight): string {
  const index = indexOf(matrices, reading)
  const unit = index === null ? null : unitAt(matrices, index)
  return unit ? `${unit.kind} ${unit.number}` : ''
}
