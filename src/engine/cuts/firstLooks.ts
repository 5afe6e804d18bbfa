import { normOf } from '../../core/statistics'
import type { TrainerEvent } from '../../core/trainer'
import type { Batch, TrainReader } from '../../data/batches'
import type { Executor } from '../executor/executor'
import { judgeBeforeTraining, judgedApart, judgingBatches } from './judging'
import type { MaskChecker } from './maskChecker'
import type { Pruner } from './pruner'
import { scoreBeforeTraining, scoringText } from './scoring'

/** What a run's first looks need of it. */
interface Parts {
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

/**
 * Gathers what tells sentinels before the first optimizer step, where the first cut reads no gradient.
 * @returns whether it came to its end
 */
export async function judgeFirst({ executor, initial, reader, batch, wait, emit }: Parts): Promise<boolean> {
  if (!judgedApart(executor.pruning)) return true
  return announced(emit, `Looking at ${judgingBatches} batches, by which the first cut is judged`, () =>
    judgeBeforeTraining({ executor, read: (i) => reader.readTrain(i, batch), wait }, initial),
  )
}

/** Scores the weights and changes the mask, where the method does so. @returns whether it came to its end */
export async function scoreFirst(parts: Parts): Promise<boolean> {
  const { executor, pruner, initial, batch, wait } = parts
  const { plan } = pruner
  if (!plan.scoringBatches) return true
  const reader = parts.maskChecker.reader(parts.reader)
  return announced(parts.emit, scoringText(plan), () =>
    scoreBeforeTraining({
      executor,
      plan,
      weightNorm: normOf(initial.subarray(0, executor.layout.prunableLength)),
      read: (i) => reader.readTrain(i, batch),
      event: (i) => pruner.scoring(i),
      unjudged: judgedApart(executor.pruning),
      wait,
    }),
  )
}

async function announced(emit: Parts['emit'], text: string, look: () => Promise<boolean>): Promise<boolean> {
  emit({ type: 'phase', phase: 'scoring', text })
  const done = await look()
  if (done) emit({ type: 'phase', phase: 'running', text: 'Training' })
  return done
}
