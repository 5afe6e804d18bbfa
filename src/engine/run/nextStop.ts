import type { CutWatch } from '../cuts/cutWatch'
import type { Pruner } from '../cuts/pruner'
import type { Pacing } from './stepInputs'

/** Who asks a run to wait for its device. */
interface Stops extends Pacing {
  readonly pruner: Pruner
  readonly watch: CutWatch
}

/**
 * The first step after `submitted`, and at most `limit`, after which a run waits: to measure, to watch a cut, to
 * calibrate, to rewind, or at its end. A step is named by the number of steps done.
 */
export function nextStop(submitted: number, limit: number, stops: Stops): number {
  const { plan, training, rewinder, calibrator, pruner, watch } = stops
  const { evaluateEvery } = training
  // What a threshold leaves is counted once a burst, for all its steps: one ends before each change, and one after it.
  const change = plan.threshold ? pruner.nextChange(submitted) : Infinity
  const wanted = [
    limit,
    training.steps,
    plan.lastEvent + 1,
    calibrator.nextStop(submitted),
    watch.nextStop(submitted),
    change - 1,
    change,
    ...rewinder.stops,
  ]
  if (evaluateEvery) wanted.push((Math.floor(submitted / evaluateEvery) + 1) * evaluateEvery)
  return Math.min(...wanted.filter((stop) => stop > submitted))
}
