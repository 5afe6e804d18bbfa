import { useId } from 'react'
import { percent } from '../../controls/format'

interface FurtherProps {
  /** Of the model as it is. */
  readonly sparsity: number
  /** Undefined where nothing is pruned further. */
  readonly value: number | undefined
  readonly disabled: boolean
  readonly onChange: (sparsity: number | undefined) => void
}

/** Prunes the model further for a look, which leaves the run as it is. */
export function Further({ sparsity, value, disabled, onChange }: FurtherProps) {
  const id = useId()
  // Steps count from the lower end.
  const least = Math.ceil(1000 * sparsity) / 1000
  const now = Math.max(least, value ?? least)
  return (
    <div className="try-own">
      <label htmlFor={id}>Prune further, for a look</label>
      <input
        id={id}
        type="range"
        min={least}
        max={0.999}
        step={0.001}
        value={now}
        aria-valuetext={`${percent(now)} sparse`}
        disabled={disabled}
        onChange={({ target }) => {
          const next = Number(target.value)
          onChange(next > least ? next : undefined)
        }}
      />
      <output htmlFor={id}>{percent(now)}</output>
    </div>
  )
}
