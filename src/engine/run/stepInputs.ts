import type { Plan } from '../../core/plan'
import { rateFactor } from '../../core/schedule'
import type { Training } from '../../core/training'
import type { Calibrator } from '../cuts/calibrator'
import type { StepInputs } from '../executor/executor'
import { judgesStep } from '../cuts/judging'
import type { Rewinder } from '../cuts/rewinder'

/** What decides how a step of a run is taken. */
export interface Pacing {
  readonly plan: Plan
  readonly training: Training
  readonly rewinder: Rewinder
  readonly calibrator: Calibrator
}

/** What changes from step to step, of a 0-based step of the run. */
export function stepInputs(step: number, pacing: Pacing): StepInputs {
  const { plan, rewinder, calibrator } = pacing
  const begun = Math.min(rewinder.momentAge(step), calibrator.momentAge(step))
  const { course } = plan
  const momentsFrom = course?.momentsFrom?.findLast((from) => from <= step) ?? 0
  const momentAge = Math.min(begun, step - momentsFrom)
  const age = step >= plan.statisticsFrom ? step - plan.statisticsFrom : step
  return {
    step,
    momentAge,
    rate: rateAt(step, pacing),
    phase: course?.phase?.(step) ?? 0,
    pace: course?.pace?.(step) ?? { weights: 1, gates: 1 },
    pressure: plan.pressure?.(step) ?? 1,
    statisticsStep: Math.min(age, begun),
    unjudged: !judgesStep(plan, step),
  }
}

/**
 * Learning rate of a 0-based step of the run; in runs with rounds it follows the step of the training, else the plan's
 * clock if it has one.
 */
export function rateAt(
  step: number,
  { plan: { course }, training: { rate, schedule, warmup, warmupShare }, rewinder }: Pacing,
): number {
  const clock = course?.clock
  const length = clock?.steps ?? rewinder.length
  // 0.07 of 100 steps is a little more than 7 in doubles.
  const rising = warmupShare > 0 ? Math.ceil(Number((warmupShare * length).toFixed(6))) : warmup
  return rate * rateFactor(schedule, clock?.passed(step) ?? rewinder.rated(step), length, rising)
}
