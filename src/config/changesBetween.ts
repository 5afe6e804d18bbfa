import type { Experiment } from '../core/experiment'
import { shownKnobs, type KnobValue } from '../core/knob'
import { firstRunOf } from './firstRun'
import { knobsOf, plugin, parts, runStartId, type Part } from './registries'
import { runLabel } from './runLabel'

/**
 * Where `next` is another experiment than `before`, setting by setting and with the new values: "SNIP", "Learning rate
 * 0.003", "Seed 2".
 */
export function changesBetween(before: Experiment, next: Experiment): readonly string[] {
  const order: readonly Part[] = ['method', ...parts.filter((part) => part !== 'method')]
  return [
    ...order.flatMap((part) =>
      before[part].id === next[part].id ? changesOf(before, next, part) : [nameOf(part, next)],
    ),
    ...knobChanges(before, next, 'training'),
    ...(before.seed === next.seed ? [] : [`Seed ${next.seed}`]),
  ]
}

function changesOf(before: Experiment, next: Experiment, part: Part): readonly string[] {
  if (part !== 'start' || next.start.id !== runStartId) return knobChanges(before, next, part)
  // The link of a run says less than its name.
  return before.start.values.link === next.start.values.link ? [] : [nameOf(part, next)]
}

/** Data and start may have the same label: both may be the user's files. */
function nameOf(part: Part, experiment: Experiment): string {
  const { label } = plugin(part, experiment[part].id)
  if (part !== 'start') return label
  const first = firstRunOf(experiment)
  return `Start from: ${first ? runLabel(first) : label}`
}

function knobChanges(before: Experiment, next: Experiment, section: Part | 'training'): string[] {
  const knobs = knobsOf(next, section)
  const valuesOf = (experiment: Experiment): Readonly<Record<string, KnobValue>> =>
    section === 'training' ? experiment.training : experiment[section].values
  const [old, now] = [valuesOf(before), valuesOf(next)]
  return shownKnobs(knobs, now).flatMap((name) => {
    const knob = knobs[name]
    const value = now[name]
    if (!knob || value === undefined || value === old[name]) return []
    if (knob.kind === 'flag') return [`${knob.label} ${value === true ? 'on' : 'off'}`]
    const shown = knob.kind === 'choice' ? (knob.options[String(value)] ?? String(value)) : String(value)
    const unit = knob.kind === 'number' && knob.unit !== '' ? ` ${knob.unit}` : ''
    return [`${knob.label} ${shown}${unit}`]
  })
}
