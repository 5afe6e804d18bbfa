import { shownKnobs, type Knobs, type KnobValue } from '../../src/core/knob'
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
    return (
      knob && (
        <KnobField
          key={name}
          knob={knob}
          value={values[name] ?? knob.default}
          onChange={(value) => onChange(name, value)}
        />
      )
    )
  })
}
