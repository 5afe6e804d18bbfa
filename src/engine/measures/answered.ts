import { classBits, packed, sureBits, type PackedAnswers, type RunAnswers } from '../../core/answers'
import type { Examples } from '../../core/dataset'
import type { Executor } from '../executor/executor'
import type { Stateful } from '../executor/stateful'
import { heldLogits } from './heldLogits'
import { highest } from './quality'

/** Moments of a run by their answers; null where there are none yet. */
interface Moments {
  readonly before: PackedAnswers | null
  readonly end: PackedAnswers | null
}

/** Bytes of weights that are held to be looked at again. */
const budget = 64e6

const none: Moments = { before: null, end: null }

/** What a run answers for its held-out examples, before its first mask change and at its end. */
export class Answered implements Stateful<Moments | undefined> {
  private moments = none
  private dense: Float32Array<ArrayBuffer> | null = null

  /** @param size examples of a batch */
  constructor(
    private readonly executor: Executor,
    private readonly examples: Examples,
    private readonly size: number,
  ) {}

  /** The model as it is now, which its first mask change is about to change. */
  async before(): Promise<void> {
    const { executor, examples, size } = this
    this.moments = { ...this.moments, before: this.of(await heldLogits(executor, examples, size)) }
    const isKept = !executor.pruning.keepsValues && 4 * executor.layout.length <= budget
    this.dense = isKept ? new Float32Array(await executor.weights()) : null
  }

  /**
   * The weights right before the first mask change; null before it, where the run goes on from a checkpoint made after
   * it, where they are too many, and where the model reads its weights through the mask, so that they cannot stand in.
   */
  get weights(): Float32Array<ArrayBuffer> | null {
    return this.dense
  }

  /** @param logits of the final model on the held-out examples */
  end(logits: Float32Array): void {
    this.moments = { ...this.moments, end: this.of(logits) }
  }

  /** Undefined before the run's end, and where labels are no classes of the data. */
  get result(): RunAnswers | undefined {
    const { before, end } = this.moments
    const { classes, held } = this.examples
    if (!end || classes.length < 2 || held.labels.some((label) => label >= classes.length)) return undefined
    const right = packed(held.labels, classBits(classes.length))
    return { classes, count: held.count, right, ...(before ? { before } : {}), end }
  }

  save(): Moments {
    return this.moments
  }

  /** @param moments undefined in checkpoints of versions that kept no answers */
  load(moments: Moments | undefined): void {
    this.moments = moments ?? none
    this.dense = null
  }

  forget(): void {
    this.moments = none
    this.dense = null
  }

  private of(logits: Float32Array): PackedAnswers {
    const { classes, held } = this.examples
    const width = this.examples.input.classes
    const rows = Array.from({ length: held.count }, (_, i) => logits.subarray(i * width, (i + 1) * width))
    const given = rows.map(highest)
    const sure = rows.map((row, i) => Math.round((2 ** sureBits - 1) * probabilityOf(row, given[i] ?? 0)))
    return { given: packed(given, classBits(classes.length)), sure: packed(sure, sureBits) }
  }
}

function probabilityOf(logits: Float32Array, which: number): number {
  const top = logits[which] ?? 0
  return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0)
}
