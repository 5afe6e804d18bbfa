import { sentinelText } from '../src/core/sentinels'
import { accuracyText, percent, value } from './controls/format'
import { useSlow } from './store/slow'
import type { AppState } from './store/state'

const selectSummary = (s: AppState) => summary(s)

/** What a screen reader hears of the run: one sentence, at most every five seconds. */
export function Announcer() {
  return (
    <p className="unseen" role="status" aria-live="polite">
      {useSlow(selectSummary, 5000)}
    </p>
  )
}

function summary({ run }: AppState): string {
  const { phase, last, text, asked, evaluations, result } = run
  if (phase === 'idle') return ''
  const accuracy = evaluations.at(-1)
  const measured = accuracy ? ` Held-out accuracy ${accuracyText(accuracy)}.` : ''
  if (result) {
    const classes = result.classes ? ` ${sentinelText(result.classes)}` : ''
    return (
      `Run ended after ${result.steps} steps. Sparsity `
      + `${percent(1 - result.kept / result.prunable)}.${measured}${classes}`
    )
  }
  if (!last) return text
  return (
    `${phase}, step ${last.step} of ${asked?.experiment.training.steps ?? last.step}, `
    + `loss ${value(last.loss)}, sparsity ${percent(last.sparsity)}.${measured}`
  )
}
