import type { ReactNode } from 'react'

interface RankingRow {
  /** How charts draw the row. */
  readonly mark: ReactNode
  readonly rank: string
  readonly name: string
  readonly cells: readonly string[]
}

/** Rows of one sparsity, best first. */
export interface RankingGroup {
  readonly title: string
  readonly rows: readonly RankingRow[]
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
        <thead>
          <tr>
            <th scope="col">Method</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ title, rows }) => (
          <tbody key={title}>
            <tr>
              <th className="group" scope="rowgroup" colSpan={columns.length + 1}>
                {title}
              </th>
            </tr>
            {rows.map(({ mark, rank, name, cells }) => (
              <tr key={name}>
                <th scope="row">
                  <span className="rank">{rank}</span>
                  {mark} {name}
                </th>
                {cells.map((cell, c) => (
                  <td key={columns[c]} className="figures">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}
