/** A comparison as text to export: Markdown for people, CSV for programs. */
import { csv } from '../core/csv'
import { shortPercent } from '../core/figures'
import { bytesText } from '../core/sizes'
import type { Summary } from '../core/statistics'
import {
  accuracyOf,
  askedOf,
  changeOf,
  compressionOf,
  denseOutcomes,
  nameOf,
  rankings,
  rowsOf,
  sparsityOf,
  speedupOf,
  trainingCostOf,
  type Moment,
  type Outcome,
  type Ranking,
  type Row,
} from './comparison'
import { toLink } from './link'
import { mixtureNotes } from './made'
import { measured, measureOf, measures, type Measure } from './measures'
import { methodLabel } from './methodLabel'

/** What a table is about; `title` names data, model and length of the runs. */
export interface Heading {
  readonly title: string
  /** Link of the recipe or experiment that repeats the runs. */
  readonly link: string
}

/** What the column says. */
export const trainingCostMeaning =
  'Training cost is the gradient passes of the whole run, divided by those of dense training. '
  + 'Scoring and what cuts look at count, too. A forward pass alone counts as a third.'

const moments: Readonly<Record<Moment, string>> = { end: 'At the end', pruned: 'Right after pruning' }

/** What ranks say. */
export const rankMeaning =
  "A rank is one more than the number of methods that are better by more than chance explains (Welch's 95 "
  + '% interval over seeds, and never less than the sampling error of the held-out examples, '
  + 'which is all that one seed tells). "=" marks ranks that are shared.'

/**
 * Ranked tables, one a sparsity, ordered by accuracy at the end. Accuracies in per cent, mean ± sample standard
 * deviation.
 */
export function toMarkdown(outcomes: readonly Outcome[], { title, link }: Heading): string {
  const rows = rowsOf(outcomes)
  return [
    `# ${title}`,
    '',
    ...tableNotes(outcomes),
    '',
    `Link: \`${link}\``,
    ...rankings(rows, 'end').flatMap((ranking) => ['', ...rankingLines(ranking, denseOutcomes(outcomes), rows)]),
    '',
  ].join('\n')
}

/** What the numbers of the ranked tables mean, a sentence or two each. */
export function tableNotes(outcomes: readonly Outcome[]): readonly string[] {
  const majority = outcomes.find((outcome) => outcome.majority !== null)?.majority
  return [
    'Held-out accuracy in per cent, mean ± sample standard deviation over n seeds. '
      + 'Sparsity is the share of prunable weights that are zero. Compression counts all parameters.',
    'Change is the difference from the dense run of the same seed, which starts from the same weights and '
      + 'sees the same examples in the same order.',
    trainingCostMeaning,
    rankMeaning,
    ...mixtureNotes(outcomes),
    ...(majority === null || majority === undefined
      ? []
      : [`A model that always answers the most frequent class is right in ${(majority * 100).toFixed(1)} %.`]),
  ]
}

function rankingLines(ranking: Ranking, dense: readonly Outcome[], all: readonly Row[]): string[] {
  const { name, columns, cells } = rankingTable(ranking, dense, all)
  return [`## ${name}`, '', line(columns), line(columns.map(() => '---')), ...cells.map(line)]
}

/** One ranked table as texts. @param all rows of all tables, which have the same columns */
export function rankingTable({ sparsity, rows }: Ranking, dense: readonly Outcome[], all: readonly Row[]) {
  const speedup = all.some((row) => speedupOf(row) !== null)
  const more = measured(all)
  const columns = [
    'Rank',
    'Method',
    moments.end,
    'Change',
    moments.pruned,
    'n',
    'Compression',
    'Training cost',
    ...(speedup ? ['Theoretical speedup'] : []),
    ...more.map(({ title }) => title),
  ]
  const cells = rows.map((row) => [
    row.rank,
    nameOf(row),
    points(accuracyOf(row, 'end')),
    points(changeOf(row, 'end', dense), true),
    points(accuracyOf(row, 'pruned')),
    String(row.outcomes.length),
    times(compressionOf(row)),
    times(trainingCostOf(row)),
    ...(speedup ? [times(speedupOf(row))] : []),
    ...more.map((measure) => measureText(row, measure)),
  ])
  return { name: `Sparsity ${shortPercent(sparsity, 3)}`, columns, cells }
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** A summary of shares in percentage points: "45.1 ± 0.8", "+0.3 ± 0.1", "–" where there is none. */
export function points(summary: Summary | null, signed = false): string {
  if (!summary) return '–'
  const mean = (summary.mean * 100).toFixed(1).replace(/^-0\.0$/, '0.0')
  const sign = signed && !mean.startsWith('-') && mean !== '0.0' ? '+' : ''
  const spread = summary.deviation === null ? '' : ` ± ${(summary.deviation * 100).toFixed(1)}`
  return `${sign}${mean.replace('-', '−')}${spread}`
}

/**
 * A measure's mean over a row's seeds, for reading: "44.8 ± 0.9" percentage points, "36.2 kB", "–" where no run has it.
 */
export function measureText(row: Row, measure: Measure): string {
  const summary = measureOf(row, measure)
  if (measure.unit === 'share' || !summary) return points(summary)
  return bytesText(summary.mean)
}

/** A ratio: "1.17 ×", "–" where it is not known. */
export function times(ratio: number | null): string {
  return ratio === null ? '–' : `${ratio.toFixed(2)} ×`
}

/**
 * One line a method and sparsity; `rank` as in Markdown. Shares, not per cent; a field is empty where the number is not
 * known.
 */
export function toCsv(outcomes: readonly Outcome[]): string {
  const dense = denseOutcomes(outcomes)
  const numbers = (summary: Summary | null) => [summary?.mean ?? null, summary?.deviation ?? null]
  const rows = rowsOf(outcomes)
  const ranks = new Map(
    rankings(rows, 'end').flatMap((ranking) => ranking.rows.map((row) => [`${nameOf(row)} ${row.sparsity}`, row.rank])),
  )
  const line = (row: Row) => [
    row.outcomes[0]?.experiment.method.id ?? '',
    row.label,
    row.sparsity,
    row.asked,
    row.outcomes.length,
    ranks.get(`${nameOf(row)} ${row.sparsity}`) ?? null,
    ...numbers(accuracyOf(row, 'end')),
    ...numbers(accuracyOf(row, 'pruned')),
    ...numbers(changeOf(row, 'end', dense)),
    compressionOf(row),
    speedupOf(row),
    trainingCostOf(row),
    ...measures.flatMap((measure) => numbers(measureOf(row, measure))),
  ]
  return csv([
    [
      'method',
      'label',
      'sparsity',
      'asked',
      'n',
      'rank',
      'end_mean',
      'end_sd',
      'pruned_mean',
      'pruned_sd',
      'change_mean',
      'change_sd',
      'compression',
      'theoretical_speedup',
      'training_cost',
      ...measures.flatMap(({ key }) => [`${key}_mean`, `${key}_sd`]),
    ],
    ...rows.map(line),
  ])
}

/** One line a run, with the link that repeats it. */
export function toRunsCsv(outcomes: readonly Outcome[]): string {
  return csv([
    [
      'run_id',
      'method',
      'label',
      'seed',
      'sparsity',
      'asked',
      'kept',
      'prunable',
      'parameters',
      'end',
      'pruned',
      'majority',
      'training_cost',
      ...measures.map(({ key }) => key),
      'backend',
      'device',
      'data',
      'commit',
      'link',
    ],
    ...rowsOf(outcomes)
      .flatMap((row) => row.outcomes)
      .map((o) => [
        o.runId,
        o.experiment.method.id,
        methodLabel(o.experiment),
        o.experiment.seed,
        sparsityOf(o),
        askedOf(o.experiment),
        o.kept,
        o.prunable,
        o.parameters,
        o.end,
        o.pruned,
        o.majority,
        trainingCostOf({ outcomes: [o] }),
        ...measures.map(({ key }) => o.measures?.[key] ?? null),
        o.made?.backend ?? null,
        o.made?.device ?? null,
        o.made?.data ?? null,
        o.made?.commit ?? null,
        toLink(o.experiment),
      ]),
  ])
}
