import type { Examples } from '../../core/dataset'
import type { Quality } from '../../core/instability'
import type { Plan } from '../../core/plan'
import type { Evaluation, TrainerEvent } from '../../core/trainer'
import type { Training } from '../../core/training'
import type { Stateful } from '../executor/stateful'
import type { Executor } from '../executor/executor'
import { Answered } from './answered'
import { heldLogits } from './heldLogits'
import { majorityShare, score } from './quality'

/** Where in a run the model is looked at. */
type Point = Pick<Evaluation, 'step' | 'moment' | 'sparsity'>

/** Measures the model on held-out examples, and remembers what it found. */
export class Evaluator implements Stateful<readonly Evaluation[]> {
  readonly evaluations: Evaluation[] = []
  /** Share of the most frequent held-out class. */
  readonly majority: number
  /** What the model answered, example by example. */
  readonly answered: Answered

  /** @param size examples of a batch: evaluation runs at training's batch size */
  constructor(
    private readonly executor: Executor,
    private readonly examples: Examples,
    private readonly size: number,
    private readonly emit: (event: TrainerEvent) => void,
  ) {
    this.majority = majorityShare(examples.held.labels)
    this.answered = new Answered(executor, examples, size)
  }

  /** Measures on the whole held-out set, and on adversarial images of it where the run attacks. */
  async evaluate(point: Point): Promise<void> {
    const { executor, examples, size } = this
    const logits = await heldLogits(executor, examples, size)
    if (point.moment === 'end') this.answered.end(logits)
    const quality = qualityOf(logits, examples)
    const robust = executor.attacks ? { robust: (await measureHeld(executor, examples, size, true)).accuracy } : {}
    const evaluation = { ...point, ...quality, ...robust }
    this.evaluations.push(evaluation)
    this.emit({ type: 'evaluation', evaluation })
  }

  save(): readonly Evaluation[] {
    return [...this.evaluations]
  }

  load(evaluations: readonly Evaluation[]): void {
    this.evaluations.splice(0, Infinity, ...evaluations)
  }

  /** As before the first measurement. */
  forget(): void {
    this.evaluations.length = 0
    this.answered.forget()
  }
}

/** What is measured once `step` steps are done. */
export function momentsAt(
  step: number,
  { steps, evaluateEvery }: Training,
  { lastEvent }: Plan,
): Evaluation['moment'][] {
  const pruned = step === lastEvent + 1
  if (step >= steps) return pruned ? ['pruned', 'end'] : ['end']
  return pruned ? ['pruned'] : evaluateEvery && step % evaluateEvery === 0 ? ['periodic'] : []
}

/**
 * Accuracy and loss of the model as it is on the held-out examples. @param size examples of a batch @param attacked on
 * adversarial images of them
 */
export async function measureHeld(
  executor: Executor,
  examples: Examples,
  size: number,
  attacked = false,
): Promise<Quality> {
  return qualityOf(await heldLogits(executor, examples, size, attacked), examples)
}

function qualityOf(logits: Float32Array, { held, input, positive }: Examples): Quality {
  return score(logits, held.labels, input.classes, positive)
}
