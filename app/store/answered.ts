/** Runs that answered the same held-out examples, so that what they get wrong can be compared one by one. */
import { isPlain } from '../../src/config/comparison'
import { defaultExperiment } from '../../src/config/defaults'
import { canonical } from '../../src/config/identity'
import { runLabel } from '../../src/config/runLabel'
import { isAnswers, type RunAnswers } from '../../src/core/answers'
import type { Experiment } from '../../src/core/experiment'
import { familyKey } from './comparison'
import { keptId, ownFiles } from './ownFiles'
import { remembered } from './remembered'
import type { RunState } from './run'
import type { KeptRun } from './runs'
import type { AppState } from './state'

/** A run with its answers. */
export interface AnsweredRun {
  /** Id of the kept run. */
  readonly id: string
  readonly label: string
  readonly experiment: Experiment
  readonly files: string
  /** Prunable weights that it kept, as a share. */
  readonly kept: number
  readonly answers: RunAnswers
}

/**
 * The answers of the run that map and charts show; null where it has none, or not yet.
 * @param kept that run where it is a kept one @param run the open one
 */
export function shownAnswers(
  kept: KeptRun | null,
  { result, asked }: Pick<RunState, 'result' | 'asked'>,
): AnsweredRun | null {
  const run = kept ?? result
  if (!isAnswers(run?.answers)) return null
  const files = kept ? (kept.files ?? '') : ownFiles(run.experiment, asked?.files ?? [])
  return answeredRun(kept?.runId ?? keptId(run.runId, files), { ...run, files, answers: run.answers })
}

/** Other kept runs that answered the same examples; dense ones first, then the newest. */
export function othersLike(shown: AnsweredRun, { runs }: Pick<AppState, 'runs'>): readonly AnsweredRun[] {
  const others = runs.flatMap(({ runId, answers, files = '', ...run }) =>
    isAnswers(answers) && runId !== shown.id && sameExamples(shown, { ...run, files, answers })
      ? [answeredRun(runId, { ...run, files, answers })]
      : [],
  )
  const family = familyKey(shown.experiment, shown.files)
  const isNear = ({ experiment, files }: AnsweredRun) => familyKey(experiment, files) === family
  const nearness = (run: AnsweredRun) => 2 * Number(isPlain(run.experiment)) + Number(isNear(run))
  return others
    .reverse()
    .sort((a, b) => nearness(b) - nearness(a))
    .map((run) => (isNear(run) ? run : { ...run, label: `${run.label}, other model or training` }))
}

/** Whether the open run reads the same examples, so that they can be looked at. */
export function isOpenWith({ experiment, files, answers }: AnsweredRun, { run }: Pick<AppState, 'run'>): boolean {
  const { opened, asked } = run
  return (
    opened !== null
    && asked !== null
    && run.phase !== 'idle'
    && opened.heldCount === answers.count
    && examplesKey(asked.experiment) === examplesKey(experiment)
    && ownFiles(asked.experiment, asked.files) === files
  )
}

function sameExamples(a: Omit<AnsweredRun, 'id' | 'label' | 'kept'>, b: typeof a): boolean {
  return (
    examplesKey(a.experiment) === examplesKey(b.experiment)
    && a.files === b.files
    && a.answers.right === b.answers.right
    && a.answers.classes.join('\n') === b.answers.classes.join('\n')
  )
}

function answeredRun(
  id: string,
  run: Pick<AnsweredRun, 'experiment' | 'files' | 'answers'> & { readonly kept: number; readonly prunable: number },
): AnsweredRun {
  const { experiment, files, answers, kept, prunable } = run
  // All that are compared have one seed.
  const label = runLabel(experiment).replace(/, seed \d+$/, '')
  return { id, label, experiment, files, kept: kept / prunable, answers }
}

/** What decides which examples are held out. */
const examplesKey = remembered(({ data, seed }) => canonical({ ...defaultExperiment, data, seed }))
