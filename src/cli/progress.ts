import type { LoadProgress } from '../core/dataset'
import { count, percent } from '../core/figures'
import type { PretrainingProgress, StepMetrics, TrainerEvent } from '../core/trainer'
import type { Screen } from './screen'

const redrawMs = 100
const logMs = 5000

/** A run's progress; `end` closes the line that is being redrawn. */
export interface Progress {
  readonly show: (event: TrainerEvent) => void
  readonly end: () => void
}

/** Shows events as one redrawn line on a terminal, and as a line every few seconds in a log. */
export function progressOn(screen: Screen, totalSteps: number): Progress {
  let last = -Infinity
  let open = false
  const line = (text: string, always: boolean) => {
    const now = screen.now()
    if (!always && now - last < (screen.terminal ? redrawMs : logMs)) return
    last = now
    if (screen.terminal) screen.redraw(text)
    else screen.line(text)
    open = screen.terminal
  }
  const end = () => {
    if (open) screen.write('\n')
    open = false
  }
  const keep = (text: string) => {
    line(text, true)
    end()
  }
  return {
    end,
    show: (event) => {
      show(event, totalSteps, line, keep)
    },
  }
}

function show(
  event: TrainerEvent,
  total: number,
  line: (text: string, always: boolean) => void,
  keep: (text: string) => void,
): void {
  switch (event.type) {
    case 'loading':
      return line(loading(event.progress), false)
    case 'opened': {
      const { backend, source, parameters, prunable } = event.opened
      keep(source.text)
      return keep(
        `${backend.device} (${backend.backend}): ${backend.reason} ${count(parameters)} parameters, `
          + `${count(prunable)} prunable.`,
      )
    }
    case 'pretraining':
      return line(before(event.progress), event.progress.step === event.progress.steps)
    case 'steps': {
      const at = event.steps.at(-1)
      return at && line(training(at, total, event.msPerStep, event.secondsLeft), at.step === total)
    }
    case 'evaluation': {
      const { moment, step, accuracy, f1, robust, loss, sparsity } = event.evaluation
      return keep(
        `step ${step} (${moment}): accuracy ${percent(accuracy)}`
          + (f1 === undefined ? '' : `, F1 ${percent(f1)}`)
          + (robust === undefined ? '' : ` (under attack ${percent(robust)})`)
          + `, loss ${loss.toFixed(4)}, sparsity ${percent(sparsity)}`,
      )
    }
    case 'note':
      return keep(event.text)
    case 'phase':
      return event.phase === 'scoring' || event.phase === 'compiling' ? line(event.text, true) : undefined
    default:
      return undefined
  }
}

function loading({ text, bytes, bytesTotal, rows, rowsTotal }: LoadProgress): string {
  const of = (part: number, all: number) => (all ? `${count(part)} of ${count(all)}` : count(part))
  return `${text || 'Loading'}: ${of(rows, rowsTotal)} rows, ${of(bytes, bytesTotal)} bytes`
}

function before({ step, steps, losses, msPerStep, secondsLeft }: PretrainingProgress): string {
  return (
    `${bar(step / steps)} ${step}/${steps} before the task  loss ${(losses.at(-1)?.loss ?? NaN).toFixed(3)}  `
    + `${msPerStep.toFixed(1)} ms/step  ${duration(secondsLeft)} left`
  )
}

function training(
  { step, loss, sparsity }: StepMetrics,
  total: number,
  msPerStep: number,
  secondsLeft: number,
): string {
  return (
    `${bar(step / total)} ${step}/${total}  loss ${loss.toFixed(3)}  sparsity ${percent(sparsity)}  `
    + `${msPerStep.toFixed(1)} ms/step  ${duration(secondsLeft)} left`
  )
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * 24)
  return `[${'#'.repeat(full)}${'.'.repeat(24 - full)}]`
}

/** Seconds as `42 s`, `3 min 5 s` or `2 h 10 min`. */
export function duration(seconds: number): string {
  const s = Math.round(seconds)
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
}
