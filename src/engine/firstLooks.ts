import type { Experiment } from '../core/experiment'
import { normOf } from '../core/statistics'
import type { TrainerEvent } from '../core/trainer'
import type { Batch, TrainReader } from '../data/batches'
import type { Executor } from './executor'
import { judgeBeforeTraining, judgedApart, judgingBatches } from './judging'
import type { MaskChecker } from './maskChecker'
import type { Pruner } from './pruner'
import { scoreBeforeTraining, scoringText } from './scoring'

interface Parts {
  readonly experiment: Experiment
  readonly executor: Executor
  readonly pruner: Pruner
  /** All parameters before the first step. */
  readonly initial: Float32Array<ArrayBuffer>
  readonly emit: (event: TrainerEvent) => void
  readonly reader: TrainReader
  /** Where the reader puts a batch. */
  readonly batch: Batch
  readonly maskChecker: MaskChecker
  /** Waits for the device. @returns whether to go on */
  readonly wait: () => Promise<boolean>
}

/** What a run looks at before its first optimizer step. */
export class FirstLooks {
  constructor(private readonly parts: Parts) {}

  /** Gathers what tells sentinels, where the first cut reads no gradient. @returns whether it came to its end */
  async judge(): Promise<boolean> {
    const { experiment, executor, initial, reader, batch, wait } = this.parts
    if (!judgedApart(experiment)) return true
    return this.announced(`Looking at ${judgingBatches} batches, by which the first cut is judged`, () =>
      judgeBeforeTraining({ executor, read: (i) => reader.readTrain(i, batch), wait }, initial),
    )
  }

  /** Scores the weights and changes the mask, where the method does so. @returns whether it came to its end */
  async score(): Promise<boolean> {
    const { experiment, executor, pruner, initial, batch, wait } = this.parts
    const { plan } = pruner
    if (!plan.scoringBatches) return true
    const reader = this.parts.maskChecker.reader(this.parts.reader)
    return this.announced(scoringText(plan), () =>
      scoreBeforeTraining({
        executor,
        plan,
        weightNorm: normOf(initial.subarray(0, executor.layout.prunableLength)),
        read: (i) => reader.readTrain(i, batch),
        event: (i) => pruner.scoring(i),
        unjudged: judgedApart(experiment),
        wait,
      }),
    )
  }

  private async announced(text: string, look: () => Promise<boolean>): Promise<boolean> {
    const { emit } = this.parts
    emit({ type: 'phase', phase: 'scoring', text })
    const done = await look()
    if (done) emit({ type: 'phase', phase: 'running', text: 'Training' })
    return done
  }
}
