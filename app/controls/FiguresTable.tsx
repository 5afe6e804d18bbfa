/** A row of figures and what they are of. */
export interface FiguresRow {
  readonly id: string
  readonly name: string
  readonly cells: readonly string[]
}

interface FiguresTableProps {
  readonly label: string
  /** Title of the names, then those of the figures. */
  readonly columns: readonly [string, ...string[]]
  readonly rows: readonly FiguresRow[]
}

/** Figures as a table, which scrolls sideways by itself where it is too wide. */
export function FiguresTable({ label, columns: [first, ...columns], rows }: FiguresTableProps) {
  return (
    <div className="run-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {columns.map((name) => (
              <th key={name} scope="col" className="figures">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, cells }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              {cells.map((text, i) => (
                <td key={columns[i]} className="figures">
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
