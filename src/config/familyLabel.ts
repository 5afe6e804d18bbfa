import { count } from '../core/figures'
import type { Choice, Experiment } from '../core/experiment'
import { plugin } from './registries'

/** Data, model and length of a run in a few words: runs that may be compared have these in common. */
export function familyLabel({ data, model, training }: Experiment): string {
  const size = sizeOf(model) ?? 'own shape'
  return `${plugin('data', data.id).label}, ${plugin('model', model.id).label} ${size}, ${count(training.steps)} steps`
}

/** Name of the model's size with these values, undefined for any other shape. */
export function sizeOf(model: Choice): string | undefined {
  const sizes = Object.entries(plugin('model', model.id).sizes)
  return sizes.find(([, values]) => Object.entries(values).every(([name, value]) => model.values[name] === value))?.[0]
}
