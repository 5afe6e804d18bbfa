/** Scoring before training: what is differentiated over which batches, and when the mask changes. */
import { steadiest, stencil, triedShares } from '../../core/curvature'
import type { Plan } from '../../core/plan'
import type { Batch } from '../../data/batches'
import type { Executor, PruneEvent, StepInputs } from '../executor/executor'
import { atRest } from '../executor/settings'

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
  /** True where the batches are not the real data, so their gradients do not count for sentinels. */
  readonly unjudged: boolean
  /** Waits for the device. @returns whether to go on @throws Problem where a number was not finite */
  wait(): Promise<boolean>
}

/** Batches between waits. Waits keep the queue short, so that a slow device stays responsive. */
export const patience = 4

/**
 * Gathers gradients at fixed weights as the plan's probe says, and cuts where the plan cuts. @returns whether it came
 * to its end
 */
export async function scoreBeforeTraining(scoring: Scoring): Promise<boolean> {
  const { executor, plan } = scoring
  const curvature = plan.probe === 'curvature'
  if (
    !(await eachBatch(scoring, (batch, inputs, event) => {
      executor.observe(batch, inputs, curvature ? null : event)
    }))
  )
    return false
  if (curvature && !(await bendAlong(scoring))) return false
  executor.resetMoments()
  executor.resetStatistics()
  return true
}

/**
 * Gathers H g, g the mean of the gradients observed, and cuts where the plan cuts. @returns whether it came to its end
 */
async function bendAlong(scoring: Scoring): Promise<boolean> {
  const {
    executor,
    plan: { scoringBatches },
  } = scoring
  const step = await stepAlong(scoring)
  if (step === null) return false
  const differences = step > 0 ? stencil(step, scoringBatches) : [{ amount: 0, share: 0 }]
  return eachBatch(scoring, (batch, inputs, event) => {
    differences.forEach((difference, k) => {
      executor.bend(batch, inputs, difference, k === differences.length - 1 ? event : null)
    })
  })
}

/**
 * The stencil's step on these weights, chosen on the first batch; 0 where there is no gradient, null where scoring was
 * given up.
 */
async function stepAlong(scoring: Scoring): Promise<number | null> {
  const { executor, weightNorm } = scoring
  const norm = await executor.directionNorm()
  if (!(norm > 0 && weightNorm > 0)) return 0
  const steps = triedShares.map((share) => (share * weightNorm) / norm)
  const differences: Float32Array[] = []
  for (const amount of steps) {
    differences.push(await executor.slope(scoring.read(0), atRest, amount))
    if (!(await scoring.wait())) return null
  }
  return steps[steadiest(differences)] ?? 0
}

async function eachBatch(
  scoring: Scoring,
  visit: (batch: Batch, inputs: StepInputs, event: PruneEvent | null) => void,
): Promise<boolean> {
  const { probe, scoringBatches } = scoring.plan
  let round = 0
  for (let i = 0; i < scoringBatches; i++) {
    const event = scoring.event(i)
    // Flow reads no data: the first batch is as good as any.
    visit(
      scoring.read(probe === 'flow' ? 0 : i),
      { step: i, momentAge: i - round, rate: 0, statisticsStep: i, unjudged: scoring.unjudged },
      event,
    )
    if (event) round = i + 1
    if (i % patience === patience - 1 && !(await scoring.wait())) return false
  }
  return scoring.wait()
}

/** What the page says meanwhile. */
export function scoringText({ probe, scoringBatches }: Plan): string {
  if (probe === 'flow') return `Scoring weights in ${scoringBatches} rounds before training, without data`
  return `Scoring weights on ${scoringBatches} batches before training`
}
