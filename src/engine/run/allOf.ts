import { plugin } from '../../config/registries'
import type { Choice } from '../../core/experiment'

/** The data set with as many training examples as it has. */
export function allOf({ id, values }: Choice): Choice {
  const { train } = plugin('data', id).knobs
  return { id, values: train?.kind === 'number' ? { ...values, train: train.max } : values }
}
