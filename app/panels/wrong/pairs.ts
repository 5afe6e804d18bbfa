import type { AnsweredRun } from '../../store/answered'
import { isPlain } from '../../../src/config/comparison'
import { rightOf, sideOf, type Pair, type Side } from './changes'

/** A pair whose first model may be missing. */
export type HalfPair = Omit<Pair, 'before'> & { readonly before: Side | null }

/** A run that the shown one can be set beside. */
export interface Choice {
  readonly id: string
  readonly label: string
  /** Whether it is a model that was never pruned, trained to its end. */
  readonly dense: boolean
}

/** Id of the shown run as it was before its first mask change. */
export const beforeCut = 'before'

/**
 * What the shown run can be set beside, the usual choice first: a dense run, itself before its first cut, then others.
 * @param others as `othersLike` sorts them
 */
export function choicesFor(shown: AnsweredRun, others: readonly AnsweredRun[]): readonly Choice[] {
  const runs = others.map(({ id, label, experiment }): Choice => ({ id, label, dense: isPlain(experiment) }))
  const own: readonly Choice[] = shown.answers.before
    ? [{ id: beforeCut, label: `${shown.label}, before its first cut`, dense: false }]
    : []
  // A dense run is set beside what was pruned, not beside another dense one.
  if (isPlain(shown.experiment)) return [...runs.filter(({ dense }) => !dense), ...runs.filter(({ dense }) => dense)]
  return [...runs.filter(({ dense }) => dense), ...own, ...runs.filter(({ dense }) => !dense)]
}

/** The answers to compare: of the denser model first; alone where there is nothing to set it beside. */
export function pairOf(shown: AnsweredRun, others: readonly AnsweredRun[], beside: string | null): HalfPair {
  const { answers, label } = shown
  const both = { classes: answers.classes, right: rightOf(answers) }
  const own = sideOf(answers, answers.end, label)
  if (beside === beforeCut && answers.before)
    return { ...both, before: sideOf(answers, answers.before, `${label}, before its first cut`), after: own }
  const other = others.find(({ id }) => id === beside)
  if (!other) return { ...both, before: null, after: own }
  const theirs = sideOf(other.answers, other.answers.end, other.label)
  return other.kept >= shown.kept ? { ...both, before: theirs, after: own } : { ...both, before: own, after: theirs }
}
