import { useId } from 'react'
import type { Answer, Attempt } from '../../../src/core/attempt'
import { percent } from '../../controls/format'
import { partName, Shaded } from './Shaded'

/** Which head is looked at. */
export type Place = NonNullable<Attempt['attention']>

interface AttentionProps {
  readonly answer: Answer
  /** Of the model before its first cut, where it is known. */
  readonly before: Answer | undefined
  /** Undefined where nobody looks. */
  readonly place: Place | undefined
  readonly disabled: boolean
  readonly onChange: (place: Place | undefined) => void
}

/** To which parts of the example one head attends, before the first cut and now. */
export function Attention({ answer, before, place, disabled, onChange }: AttentionProps) {
  const { attention } = answer
  return (
    <div className="try-attention">
      <div className="buttons">
        <button
          type="button"
          aria-pressed={place !== undefined}
          disabled={disabled}
          onClick={() => onChange(place ? undefined : { block: 0, head: 0 })}
        >
          Attention
        </button>
        {place && attention && (
          <>
            <Choice
              label="Block"
              count={attention.blocks}
              value={attention.block}
              disabled={disabled}
              onChange={(block) => onChange({ ...place, block })}
            />
            <Choice
              label="Head"
              count={attention.heads}
              value={attention.head}
              disabled={disabled}
              onChange={(head) => onChange({ ...place, head })}
            />
          </>
        )}
      </div>
      {place && !attention && !disabled && <p className="help">This model has no attention.</p>}
      {place && attention && (
        <>
          <div className="try-heads">
            {before?.attention && <Attended answer={before} name="Before the first cut" />}
            <Attended answer={answer} name="Now" />
          </div>
          <p className="help">
            {attention.from === 'class'
              ? 'The class token, from which the model answers, attends more to parts of a stronger colour.'
              : 'All parts, on average, attend more to parts of a stronger colour.'}{' '}
            A head whose queries or keys are all cut attends to all of them alike.
          </p>
        </>
      )}
    </div>
  )
}

function Attended({ answer: { read, attention }, name }: { readonly answer: Answer; readonly name: string }) {
  const shares = attention?.shares ?? []
  const largest = Math.max(...shares)
  const shades = shares.map((share) => ({
    colour: `color-mix(in srgb, var(--try-attended) ${Math.round((share / largest) * 72)}%, transparent)`,
    title: percent(share),
  }))
  return (
    <figure aria-label={`${name}: most to ${partName(read, shares.indexOf(largest))}, ${percent(largest)}.`}>
      <Shaded read={read} shades={shades} />
      <figcaption className="help">{name}</figcaption>
    </figure>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly count: number
  /** From 0; people count from 1. */
  readonly value: number
  readonly disabled: boolean
  readonly onChange: (value: number) => void
}

function Choice({ label, count, value, disabled, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <span>
      <label htmlFor={id}>{label}</label>{' '}
      <select id={id} value={value} disabled={disabled} onChange={({ target }) => onChange(Number(target.value))}>
        {Array.from({ length: count }, (_, i) => (
          <option key={i} value={i}>
            {i + 1}
          </option>
        ))}
      </select>
    </span>
  )
}
