/** Rows of one sparsity, best first. */
export interface RankingGroup {
  readonly title: string
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[]
}

interface RankingTableProps {
  readonly columns: readonly string[]
  readonly groups: readonly RankingGroup[]
}

/** Methods ranked within each sparsity. */
export function RankingTable({ columns, groups }: RankingTableProps) {
  return (
    <div className="run-table" tabIndex={0} role="region" aria-label="Ranking, table">
      <table className="ranking">
        <thead><tr><th scope="col">Method</th>{columns.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        {groups.map(({ title, rows }) => (
          <tbody key={title}>
            <tr><th className="group" scope="rowgroup" colSpan={columns.length + 1}>{title}</th></tr>
            {rows.map(({ name, cells }, i) => (
              <tr key={name}>
                <th scope="row"><span className="rank">{i + 1}</span>{name}</th>
                {cells.map((cell, c) => <td key={columns[c]} className="figures">{cell}</td>)}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}
