import type { Cut, CutView } from '../../core/cut'
import type { Layout } from '../../core/layout'
import type { Plan } from '../../core/plan'
import type { Pruning } from '../../core/pruning'
import { candidatesOf, type Candidates } from '../../core/candidates'
import { allocate, type Group } from '../../core/scope'
import type { Units } from '../../core/units'
import { cutByInputs } from './calibration'
import type { PruneEvent } from '../executor/executor'

/** Budget of the weight classes where a method has none of its own (dense): the top fifth. */
const shownSparsity = 0.8

/** Says what happens at which step, by what the run's method says. */
export class Pruner {
  /** Groups of weights at the final sparsity: the budget K of the weight classes (docs/algorithms.md 1.4). */
  readonly budget: readonly Group[]
  /** How the mask changes where that is done in JavaScript, between steps. */
  readonly cut: ((view: CutView) => Promise<Cut>) | undefined
  private readonly final: readonly Group[]
  private readonly candidates: Candidates

  constructor(
    readonly pruning: Pruning,
    private readonly layout: Layout,
  ) {
    const { plan, scope, target, granularity } = pruning
    this.candidates = candidatesOf(layout, granularity)
    this.final = this.groups(target)
    this.cut = this.cutBetweenSteps()
    this.budget = allocate(layout, scope, target > 0 ? target : shownSparsity, plan.rounding)
  }

  get plan(): Plan {
    return this.pruning.plan
  }

  /** What is cut whole, where the method cuts units. */
  get units(): Units | undefined {
    return this.candidates.units
  }

  /** The mask before training that needs no gradient; null for "leave it". */
  initial(): PruneEvent | null {
    const { initial } = this.plan
    return initial === undefined ? null : { ...this.event(initial), criterion: 'initial' }
  }

  /**
   * The mask change after scoring batch `i`; null for "leave it". Until the last batch, weights that may come back keep
   * their values.
   */
  scoring(i: number): PruneEvent | null {
    const sparsity = this.plan.scoring(i)
    if (sparsity === undefined) return null
    const event = this.event(sparsity)
    return event.nested || i === this.plan.scoringBatches - 1 ? event : { ...event, kind: 'latent' }
  }

  /** The mask change after training step `t`; null for "leave it". */
  training(t: number): PruneEvent | null {
    const sparsity = this.plan.training(t)
    if (sparsity === undefined) return null
    const threshold = this.plan.threshold?.(t)
    const event = { ...this.event(sparsity), ...(threshold === undefined ? {} : { threshold }) }
    const share = this.plan.exchange?.(t) ?? 0
    if (!this.pruning.exchanges || share === 0) return event
    const survivors = event.groups.map((group) => ({ ...group, kept: group.kept - Math.floor(share * group.kept) }))
    return { ...event, survivors }
  }

  /** The mask changes next after so many steps of the run, more than `done`; Infinity where it does not. */
  nextChange(done: number): number {
    const { plan } = this
    for (let step = done; step <= plan.lastEvent; step++) if (plan.training(step) !== undefined) return step + 1
    return Infinity
  }

  /**
   * Weights with which the model computes after a training step, if it was `before` after the step before; where a
   * threshold cuts, they are counted instead.
   */
  left(event: PruneEvent | null, before: number): number {
    if (event) return event.kept
    // Between mask changes all weights train, so that the model is dense one step after each (docs/algorithms.md 0.2,
    // 2.16).
    return this.pruning.pruned === 'free' && !this.plan.threshold ? this.layout.prunableCount : before
  }

  /**
   * Brings the model to `sparsity`. On the way no group falls below its final count (rounding per layer could ask for
   * that for one step), so that nested masks end exactly at the target.
   */
  private event(sparsity: number): PruneEvent {
    const { target, pruned } = this.pruning
    const least = (i: number) => (target > 0 ? (this.final[i]?.kept ?? 0) : 0)
    const groups = this.groups(sparsity).map((group, i) => ({ ...group, kept: Math.max(group.kept, least(i)) }))
    const kept = this.candidates.weights(groups)
    return {
      criterion: 'score',
      groups,
      kept,
      nested: this.plan.nested ?? true,
      kind: pruned === 'through' ? 'latent' : pruned,
    }
  }

  private cutBetweenSteps(): Pruner['cut'] {
    const { pruning } = this
    const { calibration } = pruning.plan
    return calibration ? (view) => cutByInputs(view, pruning, calibration, this.candidates.ratio) : pruning.cut
  }

  private groups(sparsity: number): Group[] {
    return this.candidates.groups(this.pruning.scope, sparsity, this.plan.rounding)
  }
}
