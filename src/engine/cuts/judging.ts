/**
 * Cuts before training that read no data are judged by some that is looked at for that alone (docs/algorithms.md 1.4).
 */
import { isCorruption, maskCheckOf } from '../../core/maskCheck'
import type { Plan } from '../../core/plan'
import type { Pruning } from '../../core/pruning'
import { patience, type Scoring } from './scoring'

/** Batches that are looked at, at the weights before the first step. */
export const judgingBatches = 10

/** Whether there is such a cut: what ranks weights before training is no gradient of the loss on the data as it is. */
export function judgedApart({ plan, values }: Pruning): boolean {
  const { initial, scoringBatches, probe } = plan
  return initial !== undefined || (scoringBatches > 0 && (probe === 'flow' || isCorruption(maskCheckOf(values))))
}

/**
 * Whether sentinels are told by the gradient of a training step: until the last cut, for a cut can know nothing of what
 * comes after it.
 */
export function judgesStep({ initial, scoringBatches, lastEvent }: Plan, step: number): boolean {
  const cuts = lastEvent >= 0 || initial !== undefined || scoringBatches > 0
  return !cuts || step <= lastEvent
}

/**
 * Tells sentinels by the first batches of training; everything else is then as it was before.
 * @param initial all parameters before the first step @returns whether it came to its end
 */
export async function judgeBeforeTraining(
  { executor, read, wait }: Pick<Scoring, 'executor' | 'read' | 'wait'>,
  initial: Float32Array<ArrayBuffer>,
): Promise<boolean> {
  for (let i = 0; i < judgingBatches; i++) {
    executor.judge(read(i), { step: i, momentAge: i, rate: 0, statisticsStep: i })
    if (i % patience === patience - 1 && !(await wait())) return false
  }
  const done = await wait()
  await executor.setWeights({ weights: initial, moments: 'judged' })
  return done
}
