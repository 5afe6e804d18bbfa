import { knobsOf } from '../../../src/config/registries'
import { shownKnobs } from '../../../src/core/knob'
import { KnobList } from '../../controls/KnobList'
import { useActions, useApp } from '../../store'
import type { Section } from '../../store/setup'
import { Lockable } from './Lockable'

interface KnobsProps {
  readonly section: Section
  /** A knob that stands elsewhere. */
  readonly without?: string
}

/** The knobs of one section, each as the link allows it. */
export function Knobs({ section, without }: KnobsProps) {
  const experiment = useApp((s) => s.setup.experiment)
  const { setKnob } = useActions()
  const knobs = Object.fromEntries(Object.entries(knobsOf(experiment, section)).filter(([name]) => name !== without))
  const values = section === 'training' ? experiment.training : experiment[section].values
  if (shownKnobs(knobs, values).length === 0) return <p className="help">Nothing to set.</p>
  return (
    <KnobList
      knobs={knobs}
      values={values}
      onChange={(name, value) => setKnob(section, name, value)}
      frame={(name, field) => <Lockable setting={`${section}.${name}`}>{field}</Lockable>}
    />
  )
}
