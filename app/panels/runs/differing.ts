import { firstRunOf } from '../../../src/config/firstRun'
import { knobsOf, parts, plugin } from '../../../src/config/registries'
import { runLabel } from '../../../src/config/runLabel'
import type { Experiment } from '../../../src/core/experiment'
import { shownKnobs, type Knob, type KnobValue } from '../../../src/core/knob'

/** A setting in which runs differ: what each of them has, null where it has no such setting. */
export interface Difference {
  readonly setting: string
  readonly values: readonly (string | null)[]
}

const partNames = { data: 'Data', model: 'Model', method: 'Method', start: 'Start from' } as const

/** The settings in which experiments differ, in the order of the set-up; none for one experiment. */
export function differing(experiments: readonly Experiment[]): readonly Difference[] {
  const all = experiments.map(settingsOf)
  const names = new Map(all.flatMap((settings) => [...settings].map(([key, { name }]) => [key, name] as const)))
  return [...names].flatMap(([key, setting]): Difference[] => {
    const values = all.map((settings) => settings.get(key)?.value ?? null)
    return new Set(values).size > 1 ? [{ setting, values }] : []
  })
}

type Named = ReadonlyMap<string, { readonly name: string; readonly value: string }>

/** What an experiment has under the names that the set-up gives. */
function settingsOf(experiment: Experiment): Named {
  const settings = new Map<string, { name: string; value: string }>()
  settings.set('seed', { name: 'Seed', value: String(experiment.seed) })
  const first = firstRunOf(experiment)
  for (const part of parts) {
    const label = plugin(part, experiment[part].id).label
    settings.set(part, { name: partNames[part], value: part === 'start' && first ? runLabel(first) : label })
  }
  for (const section of ['method', 'data', 'model', 'start', 'training'] as const) {
    const values: Readonly<Record<string, KnobValue>> =
      section === 'training' ? experiment.training : experiment[section].values
    const knobs = knobsOf(experiment, section)
    for (const name of shownKnobs(knobs, values)) {
      const [knob, value] = [knobs[name], values[name]]
      if (knob && value !== undefined && !(section === 'start' && first))
        settings.set(`${section}.${name}`, { name: knob.label, value: valueText(knob, value) })
    }
  }
  return settings
}

function valueText(knob: Knob, value: KnobValue): string {
  switch (knob.kind) {
    case 'flag':
      return value === true ? 'on' : 'off'
    case 'choice':
      return knob.options[String(value)] ?? String(value)
    case 'number':
      return knob.unit === '' ? String(value) : `${String(value)} ${knob.unit}`
    case 'word':
      return String(value)
  }
  return knob satisfies never
}
