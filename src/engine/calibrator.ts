import { countOnes } from '../../shaders/bits'
import type { Cut, CutView } from '../core/cut'
import type { TrainerEvent } from '../core/trainer'
import type { Batch } from '../data/batches'
import type { Stateful } from './checkpoint'
import { trainControlGates } from './controlGates'
import type { Executor, PruneEvent } from './executor'
import { watchGates, watchInputs } from './inputs'
import type { Pruner } from './pruner'
import { score } from './quality'

/** Makes the cuts that a run's method makes in JavaScript, between steps; does nothing in other runs. */
export class Calibrator implements Stateful<number | null> {
  /** Step of the latest cut. */
  private latest: number | undefined

  /** @param read the training batch of a step, valid until the next call */
  constructor(
    private readonly executor: Executor,
    private readonly pruner: Pruner,
    private readonly seed: number,
    private readonly read: (step: number) => Batch,
    private readonly emit: (event: TrainerEvent) => void,
  ) {}

  /** Whether the run's cuts are made here, and not by the executor after a step. */
  get cuts(): boolean {
    return this.pruner.cut !== undefined
  }

  /** Optimizer steps since a cut that changed weights zeroed the moments; Infinity before the first such cut. */
  momentAge(step: number): number {
    return this.latest === undefined ? Infinity : step - this.latest - 1
  }

  /** The next cut is made after so many steps of the run, more than `done`; Infinity where there is none. */
  nextStop(done: number): number {
    return this.cuts ? this.pruner.nextChange(done) : Infinity
  }

  /** Makes the cut that an event asks for, while no step is under way. @returns how many weights are left */
  async cut(event: PruneEvent, step: number): Promise<number> {
    const { executor, pruner } = this
    const view = await this.view(event, step)
    const { mask, weights, note, idle } = await (pruner.cut as NonNullable<Pruner['cut']>)(view)
    if (idle) {
      executor.mark(mask)
    } else if (weights) {
      executor.resume(weights, mask)
      this.latest = step
    } else {
      await executor.cut(view.weights, mask)
    }
    if (note) this.emit({ type: 'note', text: note })
    this.emit({ type: 'phase', phase: 'running', text: 'Training' })
    return mask.reduce((sum, word) => sum + countOnes(word), 0)
  }

  save(): number | null {
    return this.latest ?? null
  }

  load(latest: number | null): void {
    this.latest = latest ?? undefined
  }

  /** As before the first step. */
  forget(): void {
    this.latest = undefined
  }

  private async view({ groups }: PruneEvent, step: number): Promise<CutView> {
    const {
      executor,
      pruner: { units },
      seed,
    } = this
    const [weights, mask] = await Promise.all([executor.weights(), executor.mask()])
    const own = { weights: Float32Array.from(weights), mask: Uint32Array.from(mask) }
    return {
      ...own,
      layout: executor.layout,
      groups,
      ...(units ? { units } : {}),
      seed,
      step,
      batch: this.read(0).labels.length,
      inputs: (names, moment, batches, behind) => {
        this.emit({ type: 'phase', phase: 'scoring', text: `Measuring the inputs of layers on ${batches} batches` })
        if (behind) this.leave(own.weights, behind)
        return executor.sums(this.batches(batches), watchInputs(names, moment))
      },
      gateGradients: async (batches, behind) => {
        this.emit({ type: 'phase', phase: 'scoring', text: `Measuring the gradients of gates on ${batches} batches` })
        this.leave(own.weights, behind)
        const sums = await executor.sums(this.batches(batches), watchGates)
        return new Map([...sums].map(([layer, sum]) => [layer, sum.map((value) => value / batches)]))
      },
      controlGates: (options, behind) => {
        this.emit({
          type: 'phase',
          phase: 'scoring',
          text: `Training gates on ${options.batches} batches and their knockoffs`,
        })
        this.leave(own.weights, behind)
        return trainControlGates(executor, options, this.read, seed)
      },
      quality: (behind, batches) => {
        this.emit({ type: 'phase', phase: 'scoring', text: `Trying masks on ${batches} batches` })
        this.leave(own.weights, behind)
        return this.quality(batches)
      },
    }
  }

  private leave(before: Float32Array<ArrayBuffer>, { weights, mask }: Cut): void {
    this.executor.place(weights ?? before, mask)
  }

  private async quality(count: number): Promise<{ accuracy: number; loss: number }> {
    const labels: number[] = []
    const noted = function* (batches: Iterable<Batch>) {
      for (const batch of batches) {
        labels.push(...batch.labels)
        yield batch
      }
    }
    const logits = await this.executor.evaluate(noted(this.batches(count)))
    return score(logits, labels, logits.length / labels.length)
  }

  private *batches(count: number): Iterable<Batch> {
    for (let i = 0; i < count; i++) yield this.read(i)
  }
}
