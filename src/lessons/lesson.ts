import type { Settings } from '../config/settings'
import type { ClassCounts } from '../core/trainer'

/** What a lesson reads of a run that has ended. */
export interface Outcome {
  /** Share of held-out examples that are answered rightly: at the end, and right after the last cut. */
  readonly accuracy: number
  readonly pruned: number | null
  readonly kept: number
  readonly prunable: number
  /** Null where nobody counted. */
  readonly classes: ClassCounts | null
  /** Temporary sentinels at each recorded moment; empty where the course of the run is not at hand. */
  readonly temporary: readonly { readonly step: number; readonly count: number }[]
  /** How many times as fast theory says, and was measured at best; null where it was not. */
  readonly inTheory: number | null
  readonly measured: number | null
}

/** A run that a lesson asks for: settings over the lessons' experiment. */
export interface Task {
  /** What it is called beside its numbers. */
  readonly name: string
  readonly settings: Settings
  /** What the learner does, in one sentence. */
  readonly text: string
}

/** What came of a lesson's runs. */
export interface Finding {
  /** The prediction that would have been right. */
  readonly came: string
  /** What came, in the runs' own numbers, and why; where it is not what usually comes, that is said. */
  readonly text: string
}

/** A question to be answered before a run, and a run that answers it. */
export interface Lesson {
  readonly title: string
  /** What the question is about. */
  readonly say: string
  readonly question: string
  /** Predictions, by id. */
  readonly answers: Readonly<Record<string, string>>
  readonly tasks: readonly Task[]
  /** Whether it needs what only an open run has: its latency, the course of its weights. */
  readonly open?: true
  /** Where to look on; the page waits for it where `lessonLooks` says so. */
  readonly next: string
  /** Reads the runs of `tasks`, in their order; null where they lack what it is about. */
  see(outcomes: readonly Outcome[]): Finding | null
}

/** Ties the description to its type. */
export function lesson(description: Lesson): Lesson {
  return description
}
