import type { Experiment } from '../core/experiment'
import { pruningOf, type Pruning } from '../core/pruning'
import { plugin } from './registries'

/** What the experiment's method says for a run of its length. */
export function pruningFor({ method: { id, values }, training }: Pick<Experiment, 'method' | 'training'>): Pruning {
  return pruningOf(plugin('method', id), values, training.steps)
}
