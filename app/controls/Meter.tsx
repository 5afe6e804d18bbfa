interface MeterProps {
  readonly label: string
  /** 0 to 1; null while it is not known. */
  readonly share: number | null
  /** What happens; absent where that is told elsewhere. */
  readonly text?: string
  readonly detail: string
}

/** A progress bar, with what happens above it and how far it is below. */
export function Meter({ label, share, text, detail }: MeterProps) {
  const percent = share === null ? undefined : Math.round(Math.min(1, share) * 1000) / 10
  return (
    <div className="meter">
      {text !== undefined && <p className="meter-text">{text}</p>}
      <div
        className={percent === undefined ? 'meter-bar unknown' : 'meter-bar'}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={detail === '' ? undefined : detail}
      >
        <div style={{ transform: `scaleX(${(percent ?? 100) / 100})` }} />
      </div>
      <p className="meter-detail">{detail}</p>
    </div>
  )
}
