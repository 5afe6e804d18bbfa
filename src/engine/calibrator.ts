import type { TrainerEvent } from '../core/trainer'
import type { Batch } from '../data/batches'
import { cutByInputs } from './calibration'
import type { Executor } from './executor'
import type { Pruner } from './pruner'

/** Makes the cut of a run whose plan calibrates; does nothing in other runs. */
export class Calibrator {
  /** @param read the training batch of a step, valid until the next call */
  constructor(
    private readonly executor: Executor, private readonly pruner: Pruner,
    private readonly read: (step: number) => Batch, private readonly emit: (event: TrainerEvent) => void,
  ) {}

  /** Whether the run's cut is made here rather than by the executor behind a step. */
  get cuts(): boolean {
    return this.pruner.plan.calibration !== undefined
  }

  /** Optimizer steps since the cut zeroed the moments; no bound before it. */
  momentAge(step: number): number {
    const { lastEvent } = this.pruner.plan
    return this.cuts && step > lastEvent ? step - lastEvent - 1 : Infinity
  }

  /** The cut behind step `lastEvent`, with no step under way. */
  async cut(): Promise<void> {
    const { calibration, lastEvent } = this.pruner.plan
    const event = this.pruner.training(lastEvent)
    if (!calibration || !event) return
    const { batches } = calibration
    this.emit({ type: 'phase', phase: 'scoring', text: `Measuring the inputs of layers on ${batches} batches` })
    await cutByInputs(this.executor, event, this.pruner.scope, calibration, () => this.batches(batches))
    this.emit({ type: 'phase', phase: 'running', text: 'Training' })
  }

  private *batches(count: number): Iterable<Batch> {
    for (let i = 0; i < count; i++) yield this.read(i)
  }
}
