/** One run: its method, then a cell for each of the columns. */
export interface RunRow {
  readonly id: string
  readonly name: string
  readonly cells: readonly string[]
}

interface RunTableProps {
  /** Titles of the cells; the first says which seed. */
  readonly columns: readonly string[]
  readonly rows: readonly RunRow[]
  readonly onPick: (id: string) => void
  readonly onRemove: (id: string) => void
  readonly onClear: () => void
}

/** Runs as a table; a click on a name brings its experiment back. */
export function RunTable({ columns, rows, onPick, onRemove, onClear }: RunTableProps) {
  return (
    <div className="run-table" tabIndex={0} role="region" aria-label="Runs, table">
      <table>
        <thead><tr><th scope="col">Method</th>{columns.map((name) => <th key={name} scope="col">{name}</th>)}<th scope="col"><span className="unseen">Delete</span></th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row"><button type="button" className="link" title="Bring this experiment back" onClick={() => onPick(row.id)}>{row.name}</button></th>
              {row.cells.map((cell, i) => <td key={columns[i]} className="figures">{cell}</td>)}
              <td><button type="button" className="reset" aria-label={`Delete the run ${row.name}, seed ${row.cells[0] ?? ''}`} onClick={() => onRemove(row.id)}>×</button></td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <p className="empty">No run of this kind is kept.</p> : <button type="button" className="link" onClick={onClear}>Delete all runs that are kept here</button>}
    </div>
  )
}
