import { count, value } from './format'
import { modeNames } from './modeNames'

/** Numbers that are drawn by step; `kept`: the share of a part's weights. */
const names = {
  kept: 'Share kept',
  value: modeNames.value,
  gradient: modeNames.gradient,
  noise: modeNames.noise,
  importance: modeNames.importance,
  score: modeNames.score,
} as const
type Drawn = keyof typeof names

/** A reading: a number is null where it is not known, and left out where nobody looked. */
export type Reading = { readonly step: number; readonly cut?: boolean } & Readonly<
  Partial<Record<Drawn, number | null | undefined>>
>

/** Numbers by step, a line each, grey behind them where a weight is cut. */
export function FollowedLines({ readings }: { readonly readings: readonly Reading[] }) {
  const drawn = (Object.keys(names) as Drawn[]).filter((number) =>
    readings.some((reading) => reading[number] !== undefined),
  )
  return (
    <ul>
      {drawn.map((number) => (
        <li key={number}>
          <Line readings={readings} number={number} />
        </li>
      ))}
    </ul>
  )
}

const [width, height] = [160, 44]

function Line({ readings, number }: { readonly readings: readonly Reading[]; readonly number: Drawn }) {
  const values = readings.flatMap((reading) => reading[number] ?? [])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const now = readings.findLast((reading) => reading[number] !== undefined)?.[number] ?? null
  const [from = 0, to = 0] = [readings[0]?.step, readings.at(-1)?.step]
  const toX = (step: number) => (to > from ? ((step - from) / (to - from)) * width : width / 2)
  const toY = (n: number) => (high > low ? height - 4 - ((n - low) / (high - low)) * (height - 8) : height / 2)
  const range = values.length === 0 ? 'not known' : `between ${value(low)} and ${value(high)}`
  return (
    <>
      <span className="followed-name">{names[number]}</span> <span>{now === null ? '–' : value(now)}</span>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${names[number]} from step ${count(from)} to ${count(to)}: ${range}`}
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
