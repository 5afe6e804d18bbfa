import type { Experiment } from '../core/experiment'
import type { Knob, KnobValue } from '../core/knob'
import { knobsOf, plugin } from './registries'

/** The knob that is the axis of every comparison, in methods that have it. */
export const sparsityName = 'sparsity'

/** Method and those of its knobs, sparsity aside, that differ from their default: "Magnitude, one-shot, cut at 0.3". */
export function methodLabel(experiment: Experiment): string {
  const departures = Object.entries(knobsOf(experiment, 'method')).flatMap(([name, knob]) => {
    const value = experiment.method.values[name]
    return name === sparsityName || value === undefined || value === knob.default ? [] : [departure(knob, value)]
  })
  return [plugin('method', experiment.method.id).label, ...departures].join(', ')
}

function departure(knob: Knob, value: KnobValue): string {
  switch (knob.kind) {
    case 'number':
    case 'word':
      return `${knob.label.toLowerCase()} ${String(value)}`
    case 'choice':
      return (knob.options[String(value)] ?? String(value)).toLowerCase()
    case 'flag':
      return `${value === true ? '' : 'no '}${knob.label.toLowerCase()}`
  }
  return knob satisfies never
}
