import type { KeyboardEvent } from 'react'
import type { NarrowTabId } from './store/tabs'

interface TabListProps {
  readonly names: Partial<Record<NarrowTabId, string>>
  readonly value: NarrowTabId
  readonly onChange: (tab: NarrowTabId) => void
}

/** What `Column` shows, a tab each (WAI-ARIA tabs); arrows go on to the next one. */
export function TabList({ names, value, onChange }: TabListProps) {
  const ids = Object.keys(names) as NarrowTabId[]
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const next = nextOf(ids, value, event.key)
    if (!next) return
    event.preventDefault()
    onChange(next)
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}-name`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label="More of the run" onKeyDown={keys}>
      {ids.map((id) => (
        <button
          key={id}
          id={`tab-${id}-name`}
          type="button"
          role="tab"
          aria-selected={id === value}
          aria-controls={id === value ? `tab-${id}` : undefined}
          tabIndex={id === value ? 0 : -1}
          onClick={() => onChange(id)}
        >
          {names[id]}
        </button>
      ))}
    </div>
  )
}

function nextOf(ids: readonly NarrowTabId[], now: NarrowTabId, key: string): NarrowTabId | undefined {
  const at = ids.indexOf(now)
  switch (key) {
    case 'ArrowRight':
      return ids[(at + 1) % ids.length]
    case 'ArrowLeft':
      return ids.at(at - 1)
    case 'Home':
      return ids[0]
    case 'End':
      return ids.at(-1)
    default:
      return undefined
  }
}
