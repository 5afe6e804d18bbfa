import { denseOutcomes, rankings, rowsOf, type Outcome } from './comparison'
import { rankingTable, tableNotes, type Heading } from './takeaway'

/** The ranked tables of a comparison for a paper, one a sparsity; they need the package booktabs. */
export function toLatex(outcomes: readonly Outcome[], { title, link }: Heading): string {
  const rows = rowsOf(outcomes)
  const dense = denseOutcomes(outcomes)
  const tables = rankings(rows, 'end').map((ranking) => {
    const { name, columns, cells } = rankingTable(ranking, dense, rows)
    const line = (texts: readonly string[]) => `${texts.map(escaped).join(' & ')} \\\\`
    return [
      '\\begin{table}',
      '\\centering',
      `\\caption{${escaped(`${title}. ${name}.`)}}`,
      `\\begin{tabular}{rl${'r'.repeat(columns.length - 2)}}`,
      '\\toprule',
      line(columns),
      '\\midrule',
      ...cells.map(line),
      '\\bottomrule',
      '\\end{tabular}',
      '\\end{table}',
      '',
    ].join('\n')
  })
  // A comment ends at the line's end, whatever stands in it.
  const comments = ['Needs \\usepackage{booktabs}.', ...tableNotes(outcomes), `Link: ${link}`]
  return [...comments.map((text) => `% ${text.replaceAll('\n', ' ')}`), '', ...tables].join('\n')
}

/** What a character of a text is in LaTeX. */
const signs: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '−': '$-$',
  '–': '--',
  '→': '$\\to$',
  '≤': '$\\le$',
  '≥': '$\\ge$',
}

function escaped(text: string): string {
  return text.replaceAll(/[^a-z0-9\s]/gi, (sign) => signs[sign] ?? sign)
}
