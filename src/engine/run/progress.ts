import type { StepMetrics } from '../../core/trainer'
import type { Stateful } from '../executor/stateful'
import type { StepNumbers } from '../executor/executor'

/** Numbers of every step, a column each, and how many weights are left. */
type Done = Readonly<Record<keyof StepMetrics, Float64Array> & { kept: number }>

/** How far a run is, and how many prunable weights it has left after which step. */
export class Progress implements Stateful<Done> {
  /** Every step's numbers so far. */
  readonly metrics: StepMetrics[] = []
  /** Optimizer steps handed to the device. */
  submitted = 0
  /** Weights that are left once everything submitted is done. */
  kept: number
  private keptBefore: number
  private readonly keptAfter: number[] = []

  constructor(private readonly prunable: number) {
    this.kept = this.keptBefore = prunable
  }

  /** Optimizer steps done and read. */
  get done(): number {
    return this.metrics.length
  }

  /** Share of the prunable weights that are cut. */
  get sparsity(): number {
    return 1 - this.kept / this.prunable
  }

  /** Everything before the first step is done. */
  begin(): void {
    this.keptBefore = this.kept
  }

  /** Notes that `kept` weights are left after a 0-based step. */
  leave(step: number, kept: number): void {
    this.kept = this.keptAfter[step] = kept
  }

  /**
   * Takes in steps that the device has done.
   * @param rate learning rate of a 0-based step @returns what is new in `metrics`
   */
  read(steps: readonly StepNumbers[], rate: (step: number) => number): readonly StepMetrics[] {
    const fresh = steps.map(({ step, loss, gradientNorm }): StepMetrics => ({
      step: step + 1,
      loss,
      gradientNorm,
      rate: rate(step),
      sparsity: 1 - (this.keptAfter[step] ?? this.prunable) / this.prunable,
    }))
    this.metrics.push(...fresh)
    return fresh
  }

  /** The device changed nothing from this 0-based step on: cuts that were submitted for later were not made. */
  halt(step: number): void {
    this.submitted = this.done
    this.keptAfter.length = Math.min(this.keptAfter.length, step)
    this.kept = this.keptAfter[step - 1] ?? this.keptBefore
  }

  save(): Done {
    const column = (name: keyof StepMetrics) => Float64Array.from(this.metrics, (numbers) => numbers[name])
    return {
      step: column('step'),
      loss: column('loss'),
      gradientNorm: column('gradientNorm'),
      rate: column('rate'),
      sparsity: column('sparsity'),
      kept: this.kept,
    }
  }

  load({ kept, ...columns }: Done): void {
    this.reset()
    for (let i = 0; i < columns.step.length; i++) {
      const at = (name: keyof StepMetrics) => columns[name][i] ?? NaN
      this.metrics.push({
        step: at('step'),
        loss: at('loss'),
        gradientNorm: at('gradientNorm'),
        rate: at('rate'),
        sparsity: at('sparsity'),
      })
    }
    this.submitted = this.done
    this.kept = this.keptBefore = kept
  }

  /** Back to step 0. */
  reset(): void {
    this.metrics.length = 0
    this.submitted = 0
    this.kept = this.keptBefore = this.prunable
    this.keptAfter.length = 0
  }
}
