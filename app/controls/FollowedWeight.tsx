import { count, value } from './format'
import type { WeightReading } from '../../src/core/trainer'
import { modeNames } from './modeNames'

/** Numbers of a weight that are drawn. */
const drawn = ['value', 'gradient', 'noise', 'importance'] as const
type Drawn = (typeof drawn)[number]

/** A reading: a number is null where it is not known, and left out where nobody looked. */
type Reading = Pick<WeightReading, 'layer' | 'row' | 'column' | 'step' | 'cut'>
  & Readonly<Partial<Record<Drawn, number | null | undefined>>>

interface FollowedWeightProps {
  readonly readings: readonly Reading[]
  /** Whether the run has ended, so that nothing more will be read. */
  readonly isOver: boolean
  readonly onLeave: () => void
  /** What it is called, where several are followed. */
  readonly name?: string
}

/** What a weight has been since it was clicked: four numbers by step, grey behind them where it is cut. */
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
      <ul>
        {drawn
          .filter((number) => last[number] !== undefined)
          .map((number) => (
            <li key={number}>
              <Line readings={readings} number={number} />
            </li>
          ))}
      </ul>
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

const [width, height] = [160, 44]

function Line({ readings, number }: { readonly readings: readonly Reading[]; readonly number: Drawn }) {
  const values = readings.flatMap((reading) => reading[number] ?? [])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const now = readings.at(-1)?.[number] ?? null
  const [from = 0, to = 0] = [readings[0]?.step, readings.at(-1)?.step]
  const toX = (step: number) => (to > from ? ((step - from) / (to - from)) * width : width / 2)
  const toY = (n: number) => (high > low ? height - 4 - ((n - low) / (high - low)) * (height - 8) : height / 2)
  const range = values.length === 0 ? 'not known' : `between ${value(low)} and ${value(high)}`
  return (
    <>
      <span className="followed-name">{modeNames[number]}</span> <span>{now === null ? '–' : value(now)}</span>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${modeNames[number]} from step ${count(from)} to ${count(to)}: ${range}`}
      >
        {cutSpans(readings).map(([begin, end]) => (
          <rect
            key={begin}
            className="followed-cut"
            x={to > from ? toX(begin) : 0}
            y={0}
            width={to > from ? toX(end) - toX(begin) : width}
            height={height}
          />
        ))}
        <path className={from === to ? 'followed-point' : undefined} d={pathOf(readings, number, toX, toY)} />
      </svg>
      <span className="range">{high > low ? `${value(low)} to ${value(high)}` : ''}</span>
    </>
  )
}

/** A line through what is known, with gaps where it is not; a reading between two gaps is a point. */
function pathOf(
  readings: readonly Reading[],
  number: Drawn,
  toX: (step: number) => number,
  toY: (n: number) => number,
): string {
  const looked = readings.filter((reading) => reading[number] !== undefined)
  const parts = looked.map((reading, i) => {
    const n = reading[number] ?? null
    if (n === null) return ''
    const [before, after] = [looked[i - 1], looked[i + 1]].map((beside) => (beside?.[number] ?? null) !== null)
    const at = `${toX(reading.step).toFixed(1)} ${toY(n).toFixed(1)}`
    return before ? `L${at}` : after ? `M${at}` : `M${at}h0`
  })
  return parts.join('')
}

/** From which step to which the weight was cut, as far as it was read. */
function cutSpans(readings: readonly Reading[]): [from: number, to: number][] {
  const spans: [number, number][] = []
  readings.forEach(({ step, cut }, i) => {
    if (!cut) return
    const span = spans.at(-1)
    if (span && readings[i - 1]?.cut) span[1] = step
    else spans.push([step, step])
  })
  return spans
}
