import { bytes, count, duration, value } from '../../controls/format'
import { isBeforeTask, type PretrainingCurve, type RunState } from '../../store/run'

/** How far a run is, as a progress bar says it. */
export interface Progress {
  /** What is counted. */
  readonly label: string
  /** 0 to 1; null while it is not known. */
  readonly share: number | null
  readonly detail: string
}

/** How far a run is with what it does now: loading, compiling, learning before its task, or its steps. */
export function progressOf(run: RunState): Progress {
  const { phase, loading, compiling, asked, last } = run
  if (phase === 'loading' && loading?.steps) {
    const { done, of } = loading.steps
    return { label: 'First run', share: done / of, detail: `${count(done)} of ${count(of)} steps of the run before` }
  }
  if (phase === 'loading' && loading)
    return { label: 'Loading', share: loadingShare(loading), detail: loadingDetail(loading) }
  if (compiling && compiling.total > 0) {
    const { done, total } = compiling
    return { label: 'Compiling', share: done / total, detail: `${count(done)} of ${count(total)} kernels` }
  }
  if (phase === 'loading' || phase === 'compiling') return { label: 'Preparing', share: null, detail: run.text }
  const before = isBeforeTask(run) ? run.pretraining : null
  if (before)
    return { label: 'Steps before the task', share: before.step / before.steps, detail: beforeDetail(run, before) }
  const total = asked?.experiment.training.steps ?? 0
  const done = last?.step ?? 0
  return {
    label: 'Steps',
    share: total > 0 ? done / total : 0,
    detail: total > 0 ? stepDetail(run, done, total) : 'Not started',
  }
}

type Loading = NonNullable<RunState['loading']>

function loadingShare({ bytes: got, bytesTotal, rows, rowsTotal }: Loading): number | null {
  if (bytesTotal > 0) return got / bytesTotal
  return rowsTotal > 0 ? rows / rowsTotal : null
}

function loadingDetail({ bytes: got, bytesTotal, rows, rowsTotal }: Loading): string {
  const size = bytesTotal > 0 ? `${bytes(got)} of ${bytes(bytesTotal)}` : got > 0 ? bytes(got) : ''
  const counted =
    rowsTotal > 0 ? `${count(rows)} of ${count(rowsTotal)} examples` : rows > 0 ? `${count(rows)} examples` : ''
  return [size, counted].filter((part) => part !== '').join(', ')
}

function beforeDetail({ phase }: RunState, { step, steps, secondsLeft }: PretrainingCurve): string {
  const left = phase === 'scoring' && secondsLeft > 0 ? [`${duration(secondsLeft)} left`] : []
  return [`${count(step)} of ${count(steps)} steps before the task`, ...left].join(' · ')
}

function stepDetail({ msPerStep, secondsLeft, phase }: RunState, done: number, total: number): string {
  const speed = msPerStep > 0 ? [`${value(1000 / msPerStep)} steps/s`, `${value(msPerStep)} ms/step`] : []
  const left = phase === 'running' && msPerStep > 0 ? [`${duration(secondsLeft)} left`] : []
  return [`step ${count(done)} of ${count(total)}`, ...left, ...speed].join(' · ')
}
