import { useMemo, useState } from 'react'
import { integer, number } from '../../../src/core/knob'
import {
  bestSubset,
  candidates,
  errorCurve,
  expectedError,
  mostCandidates,
  type ErrorPoint,
} from '../../../src/maths/subsetSum'
import { Chart } from '../../charts/Chart'
import { Key } from '../../charts/marks'
import type { Axis, Series } from '../../charts/series'
import { Cite } from '../../controls/Cite'
import { count, value } from '../../controls/format'
import { KnobField } from '../../controls/KnobField'

const knobs = {
  target: number('Target weight', 0.314, [-1, 1], { step: 0.001, help: 'The trained weight to replace.' }),
  n: integer('Random candidates', 10, [1, mostCandidates], {
    help: 'Random numbers between -1 and 1, never trained. The best subset is kept, the others are pruned.',
  }),
}

/** The subset-sum argument, to be played with: a target, candidates, and the best subset of them. */
export default function Demonstration() {
  const [target, setTarget] = useState(knobs.target.default)
  const [n, setN] = useState(knobs.n.default)
  const [draw, setDraw] = useState(1)
  const drawn = useMemo(() => candidates(draw, 0, n), [draw, n])
  const { kept, sum } = useMemo(() => bestSubset(target, drawn), [target, drawn])
  const error = Math.abs(sum - target)
  return (
    <>
      <p>
        No weight has to be trained. Some subset of a few random numbers adds up to it almost exactly. Each further
        number halves the error. To choose the subset is to prune.
      </p>
      <KnobField knob={knobs.target} value={target} onChange={(next) => setTarget(Number(next))} />
      <KnobField knob={knobs.n} value={n} onChange={(next) => setN(Number(next))} />
      <button type="button" onClick={() => setDraw(draw + 1)}>
        Draw new candidates
      </button>
      <ul className="chips" aria-label="Candidates">
        {drawn.map((x, i) => (
          <li key={i}>
            {(kept >> i) & 1 ? (
              <strong>
                {signed(x)}
                <span className="unseen"> kept</span>
              </strong>
            ) : (
              <s>
                {signed(x)}
                <span className="unseen"> pruned</span>
              </s>
            )}
          </li>
        ))}
      </ul>
      <p role="status">
        The kept ones sum to <strong>{signed(sum)}</strong>, off by {value(error)}; with {count(n)}{' '}
        {n === 1 ? 'candidate' : 'candidates'} {value(expectedError(n))} is usual.
      </p>
      <Errors draw={draw} here={{ n, error }} />
      <p className="help">
        This proves that good masks exist, but it is no way to find them: it tries all 2ⁿ subsets of every weight. Every
        weight of a network needs about log(1/ε) candidates. So an untrained network that is wider by this factor
        contains one that is ε close to any trained network of the smaller size. The method edge-popup looks for such
        masks by gradient.
      </p>
      <Cite text="Pensia et al., arXiv:2006.07990; Orseau et al., arXiv:2006.12156" />
    </>
  )
}

/** Targets of a median; their candidates are drawn anew for each. */
const targets = 101
const most = 16

function Errors({
  draw,
  here,
}: {
  readonly draw: number
  readonly here: { readonly n: number; readonly error: number }
}) {
  const curve = useMemo(() => errorCurve(draw, targets, most), [draw])
  const line = (read: (point: ErrorPoint) => number) =>
    curve.map((point) => ({ x: point.n, y: Math.log2(read(point)) }))
  const theory = Array.from({ length: mostCandidates }, (_, i) => ({ x: i + 1, y: Math.log2(expectedError(i + 1)) }))
  const series: Series[] = [
    {
      key: 'median',
      label: 'Median error',
      colour: 'var(--curve-0)',
      dash: 'solid',
      marker: 'circle',
      points: line((point) => point.median),
    },
    {
      key: 'ninth',
      label: 'Nine in ten are nearer',
      colour: 'var(--curve-1)',
      dash: 'dashed',
      points: line((point) => point.ninth),
    },
    { key: 'theory', label: 'Expected', colour: 'var(--soft)', dash: 'dotted', points: theory, silent: true },
    {
      key: 'here',
      label: 'This weight',
      colour: 'var(--ink)',
      marker: 'cross',
      radius: 6,
      points: [{ x: here.n, y: Math.max(floor, Math.log2(here.error)), name: 'The weight above' }],
    },
  ]
  return (
    <Chart
      series={series}
      x={axes.x}
      left={axes.y}
      empty=""
      summary={
        `Median error of ${targets} weights: `
        + curve.map(({ n, median }) => `${n} candidates ${value(median)}`).join(', ')
      }
      legend={
        <>
          <Key label={`Median of ${targets} weights`} colour="var(--curve-0)" dash="solid" marker="circle" />
          <Key label="Nine in ten are nearer" colour="var(--curve-1)" dash="dashed" />
          <Key label="Expected, √n 2⁻ⁿ" colour="var(--soft)" dash="dotted" />
          <Key label="The weight above" colour="var(--ink)" marker="cross" />
        </>
      }
    />
  )
}

/** The bottom of the chart, as a power of 2; a luckier weight stands on it. */
const floor = -25
const axes: { readonly x: Axis; readonly y: Axis } = {
  x: { label: 'Candidates a weight', domain: [0, mostCandidates], ticks: [0, 5, 10, 15, 20], format: count },
  y: {
    label: 'Distance from the weight',
    domain: [floor, 0],
    ticks: [-25, -20, -15, -10, -5, 0],
    format: (power) => `2${superscript(Math.round(power))}`,
  },
}

function superscript(n: number): string {
  return String(n)
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '')
}

function signed(x: number): string {
  return `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(4)}`
}
