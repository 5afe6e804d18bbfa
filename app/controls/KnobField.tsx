import { useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import {
  isWord,
  type ChoiceKnob,
  type FlagKnob,
  type Knob,
  type KnobValue,
  type NumberKnob,
  type WordKnob,
} from '../../src/core/knob'
import { readNumber } from '../../src/core/readNumber'
import { nudge, positionOf, positions, valueAt, written } from './slider'

interface FieldProps<K extends Knob, V extends KnobValue> {
  readonly knob: K
  readonly value: V
  readonly onChange: (value: V) => void
}

/** The control of one knob of any kind. */
export function KnobField({ knob, value, onChange }: FieldProps<Knob, KnobValue>) {
  switch (knob.kind) {
    case 'number':
      return <NumberField knob={knob} value={Number(value)} onChange={onChange} />
    case 'choice':
      return <ChoiceField knob={knob} value={String(value)} onChange={onChange} />
    case 'word':
      return <WordField knob={knob} value={String(value)} onChange={onChange} />
    case 'flag':
      return <FlagField knob={knob} value={value === true} onChange={onChange} />
  }
  return knob satisfies never
}

const nudges: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
}

function NumberField({ knob, value, onChange }: FieldProps<NumberKnob, number>) {
  const id = useId()
  const keys = (event: KeyboardEvent) => {
    const by = nudges[event.key]
    if (by === undefined) return
    event.preventDefault()
    onChange(nudge(knob, value, by))
  }
  return (
    <div className="knob">
      <div className="knob-head">
        <label htmlFor={id}>{knob.label}</label>
        <Reset changed={value !== knob.default} label={knob.label} onReset={() => onChange(knob.default)} />
        <NumberText id={id} knob={knob} value={value} onChange={onChange} describedBy={`${id}-help`} />
        {knob.unit && <span className="unit">{knob.unit}</span>}
      </div>
      <input
        type="range"
        aria-label={`${knob.label}, slider`}
        aria-valuetext={`${written(value)} ${knob.unit}`.trim()}
        min={0}
        max={positions}
        value={positionOf(knob, value)}
        onKeyDown={keys}
        onChange={(event) => onChange(valueAt(knob, Number(event.target.value)))}
      />
      <p className="help" id={`${id}-help`}>
        {knob.help}{' '}
        <span className="range">
          {written(knob.min)} to {written(knob.max)}, default {written(knob.default)}.
        </span>
      </p>
    </div>
  )
}

interface NumberTextProps extends FieldProps<NumberKnob, number> {
  readonly id: string
  readonly describedBy: string
}

/**
 * A text field that accepts any text, returns the value that it means, and says so where the value differs from the
 * text.
 */
export function NumberText({ id, knob, value, onChange, describedBy }: NumberTextProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const [heard, setHeard] = useState({ said: '', value })
  const reading = draft === null || draft.trim() === '' ? null : readNumber(knob, draft, value)
  const said = reading ? sentence(draft, reading.said) : heard.value === value ? heard.said : ''
  const commit = () => {
    if (reading) setHeard({ said, value: reading.value })
    else if (draft !== null) setHeard({ said: '', value })
    if (reading && reading.value !== value) onChange(reading.value)
    setDraft(null)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit()
    else if (event.key === 'Escape') setDraft(null)
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault()
      setDraft(null)
      onChange(nudge(knob, value, event.key === 'ArrowUp' ? 1 : -1))
    }
  }
  return (
    <>
      <input
        id={id}
        className="number"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-describedby={`${id}-heard ${describedBy}`}
        aria-invalid={reading !== null && said !== ''}
        value={draft ?? written(value)}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={keys}
      />
      <span className="heard" id={`${id}-heard`} aria-live="polite">
        {said}
      </span>
    </>
  )
}

function sentence(draft: string | null, said: string): string {
  const text = draft?.trim() ?? ''
  return said && `You wrote ${text.length > 20 ? `${text.slice(0, 20)}...` : text}${said}`
}

interface FramedProps extends FieldProps<ChoiceKnob | WordKnob, string> {
  readonly id: string
  readonly help: string
  /** As the reader knows it. */
  readonly standard: string
  readonly children: ReactNode
}

/** A control with its label before it, the way back to its default, and its help. */
function Framed({ knob, value, onChange, id, help, standard, children }: FramedProps) {
  return (
    <div className="knob">
      <div className="knob-head">
        <label htmlFor={id}>{knob.label}</label>
        <Reset changed={value !== knob.default} label={knob.label} onReset={() => onChange(knob.default)} />
        {children}
      </div>
      <p className="help" id={`${id}-help`}>
        {help} <span className="range">Default {standard}.</span>
      </p>
    </div>
  )
}

function ChoiceField({ knob, value, onChange }: FieldProps<ChoiceKnob, string>) {
  const id = useId()
  const standard = knob.options[knob.default] ?? knob.default
  return (
    <Framed knob={knob} value={value} onChange={onChange} id={id} help={knob.help} standard={standard}>
      <select id={id} value={value} aria-describedby={`${id}-help`} onChange={(event) => onChange(event.target.value)}>
        {Object.entries(knob.options).map(([option, label]) => (
          <option key={option} value={option}>
            {label}
          </option>
        ))}
      </select>
    </Framed>
  )
}

/** What is written counts when it is left, or at Enter; a name that cannot be is said, and changes nothing. */
function WordField({ knob, value, onChange }: FieldProps<WordKnob, string>) {
  const id = useId()
  const [draft, setDraft] = useState<string | null>(null)
  const wrong = draft !== null && !isWord(knob, draft.trim())
  const commit = () => {
    if (draft !== null && !wrong) onChange(draft.trim())
    setDraft(null)
  }
  const help = wrong ? `It can be ${knob.allowed}.` : knob.help
  return (
    <Framed knob={knob} value={value} onChange={onChange} id={id} help={help} standard={knob.default}>
      <input
        id={id}
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-help`}
        aria-invalid={wrong}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={({ key }) => {
          if (key === 'Enter') commit()
          else if (key === 'Escape') setDraft(null)
        }}
      />
    </Framed>
  )
}

function FlagField({ knob, value, onChange }: FieldProps<FlagKnob, boolean>) {
  const id = useId()
  return (
    <div className="knob">
      <div className="knob-head">
        <label className="flag" htmlFor={id}>
          <input
            id={id}
            type="checkbox"
            checked={value}
            aria-describedby={`${id}-help`}
            onChange={(event) => onChange(event.target.checked)}
          />
          {knob.label}
        </label>
        <Reset changed={value !== knob.default} label={knob.label} onReset={() => onChange(knob.default)} />
      </div>
      <p className="help" id={`${id}-help`}>
        {knob.help} <span className="range">Default {knob.default ? 'on' : 'off'}.</span>
      </p>
    </div>
  )
}

interface ResetProps {
  readonly changed: boolean
  readonly label: string
  readonly onReset: () => void
}

function Reset({ changed, label, onReset }: ResetProps) {
  if (!changed) return null
  return (
    <button
      type="button"
      className="reset"
      aria-label={`Reset ${label} to its default`}
      title="Back to the default"
      onClick={onReset}
    >
      ↺
    </button>
  )
}
