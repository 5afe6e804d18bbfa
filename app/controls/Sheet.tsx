import type { KeyboardEvent, ReactNode } from 'react'

interface SheetProps {
  readonly summary: string
  readonly children: ReactNode
}

/** A button that lays a sheet over the page below it; Escape puts it away. */
export function Sheet({ summary, children }: SheetProps) {
  const close = (event: KeyboardEvent<HTMLDetailsElement>) => {
    if (event.key !== 'Escape' || !event.currentTarget.open) return
    event.currentTarget.open = false
    event.currentTarget.querySelector('summary')?.focus()
  }
  return (
    <details className="sheet" onKeyDown={close}>
      <summary>{summary}</summary>
      <div>{children}</div>
    </details>
  )
}
