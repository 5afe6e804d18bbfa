import { count } from './format'
import type { WeightReading } from '../../src/core/trainer'
import { FollowedLines, type Reading as Numbers } from './FollowedLines'

type Reading = Pick<WeightReading, 'layer' | 'row' | 'column' | 'cut'> & Numbers

interface FollowedWeightProps {
  readonly readings: readonly Reading[]
  /** Whether the run has ended, so that nothing more will be read. */
  readonly isOver: boolean
  readonly onLeave: () => void
  /** What it is called, where several are followed. */
  readonly name?: string
}

/** What a weight has been since it was clicked: its numbers by step, grey behind them where it is cut. */
export function FollowedWeight({ readings, isOver, onLeave, name = 'Followed weight' }: FollowedWeightProps) {
  const [first, last] = [readings[0], readings.at(-1)]
  if (!first || !last) return null
  const isOne = first.step === last.step
  const steps = isOne ? `step ${count(last.step)}` : `steps ${count(first.step)} to ${count(last.step)}`
  const fate = last.cut ? 'cut' : 'kept'
  return (
    <section className="followed" aria-label={name}>
      <p>
        <b>{last.layer}</b> row {count(last.row)}, column {count(last.column)}, {steps}: {fate} now{' '}
        <button type="button" className="link" onClick={onLeave}>
          Stop following
        </button>
      </p>
      <FollowedLines readings={readings} />
      {isOne && (
        <p className="help">
          {isOver
            ? 'The run has ended, so only its last step is known. A weight followed while a run trains has lines.'
            : 'One reading so far. Lines appear while the run trains.'}
        </p>
      )}
    </section>
  )
}
