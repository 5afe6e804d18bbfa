import { count, percent } from '../../controls/format'
import { useActions, useApp } from '../../store'
import { shownFrame } from '../../store/shownRun'
import type { Recorded } from '../../../src/core/recorded'

interface ScrubberProps {
  readonly record: Recorded
  /** Whether the run goes on, so that the right end is now; else it is the run's end. */
  readonly isLive: boolean
}

/** Goes back to a moment of the run, which map and charts show then. Its right end is now. */
export function Scrubber({ record: { matrices, frames }, isLive }: ScrubberProps) {
  const step = useApp((s) => shownFrame(s)?.step ?? null)
  const { lookBack } = useActions()
  const last = frames.length
  if (last === 0) return null
  const at = step === null ? last : frames.findIndex((frame) => frame.step === step)
  const frame = frames[at]
  const all = matrices.reduce((sum, { size }) => sum + size, 0)
  const end = isLive ? 'now' : 'the end'
  const told = frame
    ? `step ${count(frame.step)}, ${percent(1 - frame.kept.reduce((sum, n) => sum + n, 0) / all)} cut`
    : end
  return (
    <div className="scrubber">
      <label htmlFor="scrubber">Moment shown</label>
      <div className="scrubber-track">
        <input
          id="scrubber"
          type="range"
          min={0}
          max={last}
          value={at}
          aria-valuetext={told}
          onChange={(event) => lookBack(frames[Number(event.target.value)]?.step ?? null)}
        />
        <svg viewBox={`0 0 ${last} 1`} preserveAspectRatio="none" aria-hidden="true">
          {frames.map(({ cut, back }, i) =>
            cut + back > 0 ? <line key={i} x1={i} x2={i} y1={0} y2={1} vectorEffect="non-scaling-stroke" /> : null,
          )}
        </svg>
      </div>
      <span className="scrubber-told" aria-hidden="true">
        {told}
      </span>
      <button type="button" disabled={step === null} onClick={() => lookBack(null)}>
        {isLive ? 'Now' : 'The end'}
      </button>
    </div>
  )
}
