import { Catch } from './Catch'
import type { Panel } from './panels/panel'
import { useApp } from './store'

interface ColumnProps {
  readonly panels: readonly Panel[]
  readonly place: Panel['place']
  /** Whether it is what a tab shows. */
  readonly tab?: boolean
  /** Whether another tab is shown; it keeps its size, for charts and map fit theirs to it. */
  readonly away?: boolean
}

/** The panels of one place, in their order. */
export function Column({ panels, place, tab = false, away = false }: ColumnProps) {
  return (
    <div
      className={`column in-${place}${away ? ' away' : ''}`}
      {...(tab ? { role: 'tabpanel', id: `tab-${place}`, 'aria-labelledby': `tab-${place}-name` } : {})}
    >
      {panels
        .filter((panel) => panel.place === place)
        .map((panel) => (
          <Framed key={panel.id} {...panel} />
        ))}
    </div>
  )
}

/** A panel with its title; a failure in it stays in it. */
export function Framed({ id, title, shown, Component }: Panel) {
  const visible = useApp((s) => shown?.(s) ?? true)
  if (!visible) return null
  return (
    <section className="panel" id={id} tabIndex={-1} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <Catch what={`The panel "${title}"`}>
        <Component />
      </Catch>
    </section>
  )
}
