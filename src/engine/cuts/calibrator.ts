import { countOnes } from '../../core/bits'
import type { Cut, CutView } from '../../core/cut'
import type { TrainerEvent } from '../../core/trainer'
import type { Batch } from '../../data/batches'
import { breathe } from '../../data/meter'
import type { Stateful } from '../executor/stateful'
import { trainControlGates } from './controlGates'
import type { Executor, PruneEvent } from '../executor/executor'
import { watchGates, watchGradients, watchInputs } from '../executor/inputs'
import type { Pruner } from './pruner'
import { score } from '../measures/quality'

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

  /**
   * Makes the cut that an event asks for, while no step is under way.
   * @param left gives the cut up; the model is then as before it
   * @returns how many weights are left; null where the cut was given up
   */
  async cut(event: PruneEvent, step: number, left: AbortSignal): Promise<number | null> {
    const { executor, pruner } = this
    const view = await this.view(event, step, left)
    const made = await this.unlessLeft(left, () => (pruner.cut as NonNullable<Pruner['cut']>)(view))
    if (!made) {
      await executor.setWeights({ weights: view.weights, mask: view.mask, moments: 'kept' })
      return null
    }
    const { mask, weights, note, idle } = made
    if (idle) {
      await executor.setWeights({ mask, moments: 'kept' })
    } else if (weights) {
      await executor.setWeights({ weights, mask, moments: 'zeroed' })
      this.latest = step
    } else {
      await executor.setWeights({ weights: view.weights, mask, moments: 'masked' })
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

  private async unlessLeft<T>(left: AbortSignal, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      if (left.aborted) return null
      throw error
    }
  }

  private async view({ groups }: PruneEvent, step: number, left: AbortSignal): Promise<CutView> {
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
      rest: () => breathe(left),
      inputs: async (names, moment, count, behind) => {
        if (behind) await this.leave(own.weights, behind)
        const block = names[0]?.split('/')[0] ?? ''
        return executor.sums(this.batches(left, `Measuring the inputs of ${block}`, count), watchInputs(names, moment))
      },
      gradients: async (count, take) => {
        const batches = this.batches(left, 'Measuring gradients', count)
        await executor.sums(batches, watchGradients, (_, [name = ''], part) => take(name, part))
      },
      gateGradients: async (count, behind) => {
        await this.leave(own.weights, behind)
        const sums = await executor.sums(this.batches(left, 'Measuring the gradients of gates', count), watchGates)
        return new Map([...sums].map(([layer, sum]) => [layer, sum.map((value) => value / count)]))
      },
      controlGates: async (options, behind) => {
        await this.leave(own.weights, behind)
        const say = (i: number) =>
          this.say(left, `Training gates on batches and their knockoffs: ${i + 1} of ${options.batches}`)
        return trainControlGates(executor, options, this.read, seed, say)
      },
      quality: async (behind, count) => {
        await this.say(left, `Trying masks on ${count} batches`)
        await this.leave(own.weights, behind)
        return this.quality(count)
      },
    }
  }

  private async say(left: AbortSignal, text: string): Promise<void> {
    await breathe(left)
    this.emit({ type: 'phase', phase: 'scoring', text })
  }

  /** The first training batches; the page is told which one is read. */
  private async *batches(left: AbortSignal, what: string, count: number): AsyncGenerator<Batch> {
    for (let i = 0; i < count; i++) {
      await this.say(left, `${what}: batch ${i + 1} of ${count}`)
      yield this.read(i)
    }
  }

  private leave(before: Float32Array<ArrayBuffer>, { weights, mask }: Cut): Promise<void> {
    return this.executor.setWeights({ weights: weights ?? before, mask, moments: 'kept' })
  }

  private async quality(count: number): Promise<{ accuracy: number; loss: number }> {
    const labels: number[] = []
    const logits = await this.executor.evaluate(this.noted(count, labels))
    return score(logits, labels, logits.length / labels.length)
  }

  /** The first training batches; their labels go to `labels`. */
  private *noted(count: number, labels: number[]): Generator<Batch> {
    for (let i = 0; i < count; i++) {
      const batch = this.read(i)
      labels.push(...batch.labels)
      yield batch
    }
  }
}
