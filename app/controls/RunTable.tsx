import type { ReactNode } from 'react'
import { once } from './once'

/** One run: its method, then a cell for each of the columns. */
export interface RunRow {
  readonly id: string
  /** How charts draw the run. */
  readonly mark: ReactNode
  readonly name: string
  readonly cells: readonly string[]
  readonly pinned: boolean
}

/** A stored run that cannot be shown, and why. */
export interface UnreadRow {
  readonly key: string
  readonly name: string
  readonly why: string
}

interface RunTableProps {
  /** Titles of the cells; the first says which seed. */
  readonly columns: readonly string[]
  readonly rows: readonly RunRow[]
  readonly unread: readonly UnreadRow[]
  /** The run that map and charts show; null where it is none of them. */
  readonly current: string | null
  readonly onPick: (id: string) => void
  readonly onPin: (id: string, pinned: boolean) => void
  readonly onRemove: (ids: readonly string[]) => void
  /** How many runs `onBringBack` would bring back. */
  readonly removed: number
  readonly onBringBack: () => void
}

/** Runs as a table; a click on a name shows that run and sets up its experiment. */
export function RunTable(props: RunTableProps) {
  const { columns, rows, unread, current, onPick, onPin, onRemove, removed, onBringBack } = props
  return (
    <div className="run-table" tabIndex={0} role="region" aria-label="Runs, table">
      <table>
        <thead>
          <tr>
            <th scope="col">Method</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">
              <span className="unseen">Pin and delete</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} aria-current={row.id === current || undefined}>
              <th scope="row">
                {row.mark}{' '}
                <button
                  type="button"
                  className="link"
                  title="Show this run and set up its experiment"
                  onClick={() => onPick(row.id)}
                >
                  {row.name}
                </button>
              </th>
              {row.cells.map((cell, i) => (
                <td key={columns[i]} className="figures">
                  {cell}
                </td>
              ))}
              <td className="acts">
                <button
                  type="button"
                  className="pin"
                  aria-pressed={row.pinned}
                  aria-label={`Pin the run ${named(row)}`}
                  title="A pinned run is never removed to make room for others"
                  onClick={() => onPin(row.id, !row.pinned)}
                >
                  Pin
                </button>
                <Delete name={named(row)} onPress={() => onRemove([row.id])} />
              </td>
            </tr>
          ))}
          {unread.map(({ key, name, why }) => (
            <tr key={key} className="unread">
              <th scope="row" colSpan={columns.length + 1}>
                <p>
                  <span aria-hidden="true">⚠</span> {name}. {why}
                </p>
              </th>
              <td className="acts">
                <Delete name={name} onPress={() => onRemove([key])} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length + unread.length === 0 && <p className="empty">No run like this is kept.</p>}
      <div className="buttons">
        {rows.length > 1 && (
          <button type="button" className="link" onClick={() => onRemove(rows.map(({ id }) => id))}>
            Delete these {rows.length} runs
          </button>
        )}
        {removed > 0 && (
          <button type="button" className="link" onClick={onBringBack}>
            Bring back {removed === 1 ? 'the run that was' : `the ${removed} runs that were`} deleted
          </button>
        )}
      </div>
    </div>
  )
}

function named({ name, cells: [seed = ''] }: RunRow): string {
  return `${name}, seed ${seed}`
}

function Delete({ name, onPress }: { readonly name: string; readonly onPress: () => void }) {
  return (
    <button type="button" className="reset" aria-label={`Delete the run ${name}`} onClick={once(onPress)}>
      ×
    </button>
  )
}
