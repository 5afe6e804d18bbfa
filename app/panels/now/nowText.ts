import { sentinelText } from '../../../src/core/sentinels'
import { accuracyText, count, percent, unbroken } from '../../controls/format'
import { isUnplanned, plannedCuts, type PlannedCut } from '../../store/plan'
import { isBeforeTask, type RunState } from '../../store/run'
import type { Experiment } from '../../../src/core/experiment'

/**
 * What the open run does, in a sentence: the engine's own words, or its result. @param isElsewhere another tab has it
 */
export function nowText(run: RunState, isElsewhere: boolean): string {
  const { phase, loading, compiling, result } = run
  if (isElsewhere) return 'Another tab goes on with the run.'
  if (phase === 'loading' && loading && loading.text !== '') return loading.text
  if (compiling && compiling.total > 0) return `${compiling.text} ${count(compiling.done)} of ${count(compiling.total)}`
  if (phase === 'finished' && result) return unbroken(resultText(result))
  if (phase === 'idle') return 'Press Start to train and prune with the settings shown.'
  return run.text
}

function resultText({ kept, prunable, evaluations, classes }: NonNullable<RunState['result']>): string {
  const end = evaluations.findLast((e) => e.moment === 'end')
  const accuracy = end ? `Accuracy ${accuracyText(end)} with ` : ''
  return (
    `${accuracy}${count(kept)} of ${count(prunable)} weights kept, ${percent(1 - kept / prunable, 2)} pruned. `
    + (classes ? sentinelText(classes) : '')
  ).trimEnd()
}

/**
 * What pruning has done so far and does next, and how well the model does, written from the run's own numbers. It
 * changes at cuts and evaluations, not at every step. Empty where `nowText` says it all.
 */
export function courseText(run: RunState, setUp: Experiment): readonly string[] {
  const { phase, asked, last, evaluations } = run
  if (phase === 'finished' || phase === 'failed' || isBeforeTask(run)) return []
  const experiment = phase === 'idle' || !asked ? setUp : asked.experiment
  const step = last?.step ?? 0
  const accuracy = evaluations.at(-1)
  return [
    cutsText(experiment, step, last?.sparsity ?? 0),
    ...(accuracy
      ? [`At step ${count(accuracy.step)} it got ${accuracyText(accuracy)} of the held-out examples right.`]
      : []),
  ]
}

/** Which cuts are to come, seen from a step. */
function cutsText(experiment: Experiment, step: number, sparsity: number): string {
  if (isUnplanned(experiment))
    return `No number of weights is planned: they are cut as their scores fall. ${percent(sparsity)} are gone.`
  const cuts = plannedCuts(experiment)
  const [first, end] = [cuts[0], cuts.at(-1)]
  if (!first || !end) return 'No weight is cut in this run: it shows what the whole model can do.'
  if (step === 0) return planText(first, end)
  const next = cuts.find((cut) => cut.step > step)
  if (!next) return `No cut is left to make: ${percent(sparsity)} of the weights are gone, and the others learn on.`
  if (sparsity === 0) return `No weight is cut yet. The first cut comes at step ${count(next.step)}.`
  return (
    `${percent(sparsity)} of the weights are cut. The mask changes next at step ${count(next.step)}, `
    + `to ${percent(next.sparsity)}.`
  )
}

/** What the method plans, before the first step. */
function planText(first: PlannedCut, end: PlannedCut): string {
  if (first !== end)
    return (
      `Weights are cut ${first.step === 0 ? 'before the first step' : `from step ${count(first.step)} on`}, until `
      + `${percent(end.sparsity)} are gone at step ${count(end.step)}.`
    )
  return first.step === 0
    ? `${percent(first.sparsity)} of the weights are cut before the first step, and the model learns without them.`
    : `Every weight learns until step ${count(first.step)}; then ${percent(first.sparsity)} are cut at once.`
}
