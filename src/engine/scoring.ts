/** Scoring before training: what is differentiated over which batches, and when the mask changes. */
import type { Plan } from '../core/method'
import type { Batch } from '../data/batches'
import type { Executor, PruneEvent, StepInputs } from './executor'

/** What scoring works on. */
export interface Scoring {
  readonly executor: Executor
  readonly plan: Plan
  /** Norm of the prunable weights, which have not been trained. */
  readonly weightNorm: number
  /** The training batch of that number. */
  read(index: number): Batch
  /** The mask change after scoring batch i. */
  event(index: number): PruneEvent | null
  /** Waits for the device. @returns whether to go on @throws Problem where a number was not finite */
  wait(): Promise<boolean>
}

/** Batches between waits, which keep the queue short, so that a slow device stays responsive. */
const patience = 4

/**
 * Length of a difference's step over the norm of the weights. Of the largest (H g) of golden/grasp.safetensors, 0.2 % are lost at
 * 1e-2 to truncation, 0.02 % at 3e-3 and less at 1e-3, where rounding takes over; larger models round more.
 */
const stepShare = 3e-3

/** Gathers gradients at fixed weights as the plan's probe says, and cuts where the plan cuts. @returns whether it came to its end */
export async function scoreBeforeTraining(scoring: Scoring): Promise<boolean> {
  const { executor, plan } = scoring
  const curvature = plan.probe === 'curvature'
  if (!await eachBatch(scoring, (batch, inputs, event) => { executor.observe(batch, inputs, curvature ? null : event) })) return false
  if (curvature) {
    const norm = await executor.directionNorm()
    const amount = norm > 0 ? stepShare * scoring.weightNorm / norm : 0
    const share = amount > 0 ? 1 / (2 * amount * plan.scoringBatches) : 0
    if (!await eachBatch(scoring, (batch, inputs, event) => { executor.bend(batch, inputs, { amount, share }, event) })) return false
  }
  executor.resetMoments()
  executor.resetStatistics()
  return true
}

async function eachBatch(
  scoring: Scoring, visit: (batch: Batch, inputs: StepInputs, event: PruneEvent | null) => void,
): Promise<boolean> {
  const { probe, scoringBatches } = scoring.plan
  let round = 0
  for (let i = 0; i < scoringBatches; i++) {
    const event = scoring.event(i)
    // Flow reads no data: the first batch is as good as any.
    visit(scoring.read(probe === 'flow' ? 0 : i), { step: i, momentAge: i - round, rate: 0, statisticsStep: i }, event)
    if (event) round = i + 1
    if (i % patience === patience - 1 && !await scoring.wait()) return false
  }
  return scoring.wait()
}

/** What the page says meanwhile. */
export function scoringText({ probe, scoringBatches }: Plan): string {
  if (probe === 'flow') return `Scoring weights in ${scoringBatches} rounds before training, without data`
  return `Scoring weights on ${scoringBatches} batches before training`
}
