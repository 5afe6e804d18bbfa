import { shortPercent } from '../../../src/core/figures'
import { useMemo } from 'react'
import {
  accuracyOf,
  changeOf,
  compressionOf,
  denseOutcomes,
  nameOf,
  rankings,
  rowsOf,
  speedupOf,
  trainingCostOf,
  type Moment,
  type Outcome,
  type Row,
} from '../../../src/config/comparison'
import { measured } from '../../../src/config/measures'
import { measureText, points, rankMeaning, times, trainingCostMeaning } from '../../../src/config/takeaway'
import { MarkOf } from '../../charts/marks'
import { RankingTable } from '../../controls/RankingTable'
import type { Looks } from './useLooks'

interface RankingProps {
  readonly outcomes: readonly Outcome[]
  readonly moment: Moment
  readonly looks: Looks
}

/** Methods ranked at each sparsity, with what the export of a comparison holds. */
export default function Ranking({ outcomes, moment, looks }: RankingProps) {
  const { columns, groups } = useMemo(() => rankingOf(outcomes, moment, looks), [outcomes, moment, looks])
  if (groups.length === 0) return <p className="empty">The ranking appears when a run has ended.</p>
  return (
    <>
      <RankingTable columns={columns} groups={groups} />
      <p className="help">
        Mean ± sample standard deviation over n seeds. "Against dense" is in percentage points, over the seeds that have
        a dense run too: same weights at the start, same order of examples. Compression is over all parameters, sparsity
        over those that can be pruned. {trainingCostMeaning} {rankMeaning}
      </p>
    </>
  )
}

function rankingOf(outcomes: readonly Outcome[], moment: Moment, looks: Looks) {
  const dense = denseOutcomes(outcomes)
  const rows = rowsOf(outcomes)
  const faster = rows.some((row) => speedupOf(row) !== null)
  const more = measured(rows)
  const cells = (row: Row) => [
    points(accuracyOf(row, moment)),
    points(changeOf(row, moment, dense), true),
    String(row.outcomes.length),
    times(compressionOf(row)),
    times(trainingCostOf(row)),
    ...(faster ? [times(speedupOf(row))] : []),
    ...more.map((measure) => measureText(row, measure)),
  ]
  return {
    columns: [
      'Accuracy, %',
      'Against dense',
      'n',
      'Compression',
      'Training cost',
      ...(faster ? ['Theoretical speedup'] : []),
      ...more.map(({ title }) => title),
    ],
    groups: rankings(rows, moment).map(({ sparsity, rows: ranked }) => ({
      title: `Sparsity ${shortPercent(sparsity, 3)}`,
      rows: ranked.map((row) => ({
        mark: <MarkOf {...looks(row.label)} />,
        rank: row.rank,
        name: nameOf(row),
        cells: cells(row),
      })),
    })),
  }
}
