import { Fragment, type ReactNode } from 'react'
import { shownKnobs, type Knobs, type KnobValue } from '../../src/core/knob'
import { KnobField } from './KnobField'

interface KnobListProps {
  readonly knobs: Knobs
  readonly values: Readonly<Record<string, KnobValue>>
  readonly onChange: (name: string, value: KnobValue) => void
  /** What stands around the control of a knob. */
  readonly frame?: (name: string, field: ReactNode) => ReactNode
}

/** Every knob that matters with these values, in the order in which the plugin names them. */
export function KnobList({ knobs, values, onChange, frame = (_, field) => field }: KnobListProps) {
  return shownKnobs(knobs, values).map((name) => {
    const knob = knobs[name]
    if (!knob) return null
    const value = values[name] ?? knob.default
    const field = <KnobField knob={knob} value={value} onChange={(next) => onChange(name, next)} />
    return <Fragment key={name}>{frame(name, field)}</Fragment>
  })
}
