import type { ReactNode } from 'react'

interface FoldProps {
  readonly summary: string
  readonly note?: string
  readonly children: ReactNode
}

/** Settings that few change, behind one line. */
export function Fold({ summary, note, children }: FoldProps) {
  return (
    <details className="fold">
      <summary>
        {summary}
        {note && <span className="range">{note}</span>}
      </summary>
      {children}
    </details>
  )
}
