import type { Examples } from '../core/dataset'
import type { Evaluation, TrainerEvent } from '../core/trainer'
import { heldBatches, makeBatch, type Batch } from '../data/batches'
import type { Executor } from './executor'
import { majorityShare, score } from './quality'

/** Where in a run the model is looked at. */
type Point = Pick<Evaluation, 'step' | 'moment' | 'sparsity'>

/** Measures the model on held-out examples, and remembers what it found. */
export class Evaluator {
  readonly evaluations: Evaluation[] = []
  /** Share of the most frequent held-out class. */
  readonly majority: number

  /** @param size examples of a batch: evaluation runs at training's batch size */
  constructor(
    private readonly executor: Executor, private readonly examples: Examples, private readonly size: number,
    private readonly emit: (event: TrainerEvent) => void,
  ) {
    this.majority = majorityShare(examples.held.labels)
  }

  /** The whole held-out set. */
  async evaluate(point: Point): Promise<void> {
    const logits = await this.executor.evaluate(this.batches())
    const { accuracy, loss } = score(logits, this.examples.held.labels, this.examples.input.classes)
    const evaluation = { ...point, accuracy, loss }
    this.evaluations.push(evaluation)
    this.emit({ type: 'evaluation', evaluation })
  }

  /** As before the first measurement. */
  forget(): void {
    this.evaluations.length = 0
  }

  private *batches(): Iterable<Batch> {
    const reader = heldBatches(this.examples, this.size)
    const batch = makeBatch(this.examples, this.size)
    for (let i = 0; i < reader.batches; i++) {
      reader.readHeld(i, batch)
      yield batch
    }
  }
}
