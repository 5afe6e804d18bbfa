import { pruningFor } from '../../../src/config/pruningFor'
import type { Experiment } from '../../../src/core/experiment'
import type { Pruning } from '../../../src/core/pruning'
import { plainly, steadily, type Weighing } from '../../../src/core/weighing'
import { Chart } from '../../charts/Chart'
import { Key, type Dash } from '../../charts/marks'
import type { Series } from '../../charts/series'
import { roundAxis } from '../../charts/ticks'
import { count, tick, value } from '../../controls/format'
import { boundAlike, lineAt, placedIn, rightOf, type Placed } from './chartLines'
import { groups, markedLook, type ChartProps } from './groups'

interface Line {
  readonly label: string
  readonly bound: number
  readonly discount: Weighing['discount']
  readonly dash: Dash
  readonly colour: string
}

interface WhyProps extends ChartProps {
  readonly experiment: Experiment | null
  /** Where the last cut lies for these weights; null where it has no one line. */
  readonly bound: number | null
}

/** What a method weighs: sensitivity against noise, with the line at which the run cut, and those of SNIP and SEVEN. */
export function Why({ points, marked, experiment, bound, nameOf, ...linked }: WhyProps) {
  const pruning = experiment && pruningFor(experiment)
  const placed = placedIn(points)
  const lines = linesOf(placed, pruning, bound)
  const xAxis = roundAxis(placed.map(({ sensitivity }) => Math.log10(sensitivity)))
  const yAxis = roundAxis(
    placed.map(({ spread }) => spread),
    0,
  )
  const pointOf = (p: Placed) => ({
    x: Math.log10(p.sensitivity),
    y: p.spread,
    name: () => nameOf(p),
    pick: String(p.index),
  })
  const series: Series[] = [
    ...lines.map(({ label, bound, discount, dash, colour }) => ({
      key: label,
      label,
      colour,
      dash,
      silent: true,
      points: lineAt(bound, discount, xAxis.domain, yAxis.domain[1]),
    })),
    ...groups.map(({ name, cut, ...look }) => ({
      ...look,
      radius: 3,
      points: placed.filter((p) => p.class === name && p.cut === cut).map(pointOf),
    })),
    { ...markedLook, silent: true, points: placedIn(marked).map(pointOf) },
  ]
  const own = lines.find(({ dash }) => dash === 'solid')
  return (
    <>
      <Chart
        {...linked}
        series={series}
        x={{ label: 'sensitivity, the mean of |w g|, log10', format: tick, exact: power, ...xAxis }}
        left={{ label: 'noise of the gradient, its variation', format: tick, exact: value, ...yAxis }}
        summary={`${count(placed.length)} sampled weights by sensitivity and by noise; ${told(series, lines)}`}
        legend={
          <>
            {lines.map(({ label, dash, colour }) => (
              <Key key={label} label={label} dash={dash} colour={colour} />
            ))}
            {marked.length > 0 && (
              <Key label={markedLook.label} colour={markedLook.colour} marker={markedLook.marker} />
            )}
            {[...groups].reverse().map(({ key, label, colour, marker, hollow }) => (
              <Key key={key} label={label} colour={colour} marker={marker} hollow={hollow} />
            ))}
          </>
        }
      />
      {placed.length > 0 && <p className="help">{explained(placed, pruning, own, lines.length > 1)}</p>}
    </>
  )
}

const power = (x: number) => value(10 ** x)

/** The run's own line where it has one, then those of SNIP and of SEVEN for as many weights. */
function linesOf(points: readonly Placed[], pruning: Pruning | null, bound: number | null): readonly Line[] {
  const weighing = pruning?.weighing
  const own: readonly Line[] =
    weighing && bound !== null
      ? [{ label: "This run's last cut", bound, discount: weighing.discount, dash: 'solid', colour: 'var(--ink)' }]
      : []
  const others = [
    { label: 'as many by sensitivity alone, as SNIP', discount: plainly, dash: 'dashed' },
    { label: 'as many by importance, as SEVEN', discount: steadily, dash: 'dotted' },
  ] as const
  return [
    ...own,
    ...others.flatMap((line) => {
      const alike = boundAlike(points, line.discount)
      return alike === null || own[0]?.discount === line.discount
        ? []
        : { ...line, bound: alike, colour: 'var(--soft)' }
    }),
  ]
}

function told(series: readonly Series[], lines: readonly Line[]): string {
  const counts = series.filter(({ silent }) => !silent).map((s) => `${s.points.length} ${s.label}`)
  return [...counts, ...lines.map(({ label, bound }) => `${label}: ${value(bound)}`)].join(', ')
}

function explained(points: readonly Placed[], pruning: Pruning | null, own: Line | undefined, both: boolean): string {
  const between = both
    ? " Right of SNIP's line and left of SEVEN's curve lie weights that only noise makes look important: temporary "
      + 'sentinels.'
    : ''
  if (own) {
    const right = rightOf(points, own.bound, own.discount)
    return (
      `The solid line is where the last cut of this run divided kept from cut: ${count(right)} of `
      + `${count(points.length)} points lie on the side that it says. ${pruning?.weighing?.leavesOut ?? ''}${between}`
    )
  }
  if (!pruning) return between.trim()
  if (!pruning.weighing)
    return `${pruning.label} does not rank weights by sensitivity and noise, so it has no line here.${between}`
  return `${pruning.label} has no line here yet, or not one for all of these weights.${between}`
}
