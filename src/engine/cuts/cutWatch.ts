import type { Examples } from '../../core/dataset'
import { spread, type Quality, type WatchedCut } from '../../core/instability'
import type { Plan } from '../../core/plan'
import type { TrainerEvent } from '../../core/trainer'
import type { Training } from '../../core/training'
import { spreadRows } from '../../data/rows'
import type { Stateful } from '../executor/stateful'
import type { Answered } from '../measures/answered'
import { measureHeld } from '../measures/evaluator'
import type { Executor } from '../executor/executor'

/** Held-out examples on which mask changes are watched: one right answer is 0.4 % of them. */
export const watchedExamples = 256

/**
 * Looks at the model right before and right after some of a run's mask changes (docs/algorithms.md 2.25); changes
 * nothing.
 */
export class CutWatch implements Stateful<readonly WatchedCut[]> {
  private readonly cuts: WatchedCut[] = []
  private readonly steps: ReadonlySet<number>
  private readonly examples: Examples
  private before: Quality | null = null
  /** The first cut comes after this step. */
  private readonly first: number | undefined

  /** @param answered is asked right before the first cut, where it is watched and comes after training has begun */
  constructor(
    private readonly executor: Executor,
    examples: Examples,
    private readonly training: Pick<Training, 'batch' | 'steps' | 'watchedCuts'>,
    plan: Plan,
    private readonly answered: Pick<Answered, 'before'>,
    private readonly emit: (event: TrainerEvent) => void,
  ) {
    this.examples = { ...examples, held: spreadRows(examples.held, watchedExamples) }
    const steps = cutSteps(plan, training.steps)
    this.first = steps[0]
    this.steps = new Set(spread(steps, training.watchedCuts))
  }

  /**
   * Whether the cut after a step is watched, and so must be made apart from the step; step -1 is everything before
   * training.
   */
  has(step: number): boolean {
    return this.steps.has(step)
  }

  /** The next watched cut is due after so many steps, more than `done`; Infinity where there is none. */
  nextStop(done: number): number {
    return Math.min(...[...this.steps].filter((step) => step >= done).map((step) => step + 1))
  }

  /** Measures right before the cut after `step`, then calls `cut`; does nothing where that cut is not watched. */
  async open(step: number, cut?: () => void): Promise<void> {
    if (!this.has(step)) return
    if (step === this.first && step >= 0) await this.answered.before()
    this.before = await this.measure()
    cut?.()
  }

  /** Measures right after the cut that was opened. @param sparsity share of prunable weights that are zero by now */
  async close(step: number, sparsity: number): Promise<void> {
    if (!this.before) return
    const cut = { step: step + 1, sparsity, before: this.before, after: await this.measure() }
    this.before = null
    this.cuts.push(cut)
    this.emit({ type: 'cut', cut })
  }

  /** What was found in the first `steps` steps: a step that halts the run makes no cut. */
  upTo(steps: number): WatchedCut[] {
    return this.cuts.filter(({ step }) => step <= steps)
  }

  save(): readonly WatchedCut[] {
    return [...this.cuts]
  }

  load(cuts: readonly WatchedCut[]): void {
    this.cuts.splice(0, Infinity, ...cuts)
  }

  /** As before the first step. */
  forget(): void {
    this.cuts.length = 0
    this.before = null
  }

  private measure(): Promise<Quality> {
    return measureHeld(this.executor, this.examples, this.training.batch)
  }
}

/**
 * Steps after which weights are cut or change places; -1 before training. Changes that only let weights come back are
 * no cuts.
 */
export function cutSteps(plan: Plan, steps: number): number[] {
  const early = [plan.initial, ...Array.from({ length: plan.scoringBatches }, (_, i) => plan.scoring(i))].findLast(
    (share) => share !== undefined,
  )
  const found = early === undefined ? [] : [-1]
  let sparsity = early ?? 0
  for (let step = 0; step < steps; step++) {
    const next = plan.training(step)
    if (next === undefined) continue
    if (next >= sparsity) found.push(step)
    sparsity = next
  }
  return found
}
