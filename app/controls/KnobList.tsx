import type { Knobs, KnobValue } from '../../src/core/knob'
import { KnobField } from './KnobField'

interface KnobListProps {
  readonly knobs: Knobs
  readonly values: Readonly<Record<string, KnobValue>>
  readonly onChange: (name: string, value: KnobValue) => void
}

/** Every knob that matters with these values, in the order in which the plugin names them. */
export function KnobList({ knobs, values, onChange }: KnobListProps) {
  return shownKnobs(knobs, values).map((name) => {
    const knob = knobs[name]
    return knob && <KnobField key={name} knob={knob} value={values[name] ?? knob.default} onChange={(value) => onChange(name, value)} />
  })
}

/** Names of the knobs that are not hidden by another one (`when`); a knob behind a hidden one is hidden too. */
export function shownKnobs(knobs: Knobs, values: Readonly<Record<string, KnobValue>>): string[] {
  const shown = (name: string, seen: readonly string[]): boolean => {
    const when = knobs[name]?.when
    if (!when || seen.includes(name)) return true
    const master = knobs[when.knob]
    if (!master) return true
    return [when.is].flat().includes(values[when.knob] ?? master.default) && shown(when.knob, [...seen, name])
  }
  return Object.keys(knobs).filter((name) => shown(name, []))
}
