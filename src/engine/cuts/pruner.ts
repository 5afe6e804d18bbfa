import type { Cut, CutView } from '../../core/cut'
import type { Layout } from '../../core/layout'
import { scoreOf, type Method, type Plan } from '../../core/method'
import type { Values } from '../../core/knob'
import { candidatesOf, type Candidates } from '../../core/candidates'
import { allocate, type Group, type Scope } from '../../core/scope'
import type { Units } from '../../core/units'
import { cutByInputs } from './calibration'
import type { Criterion, PruneEvent } from '../executor/executor'

/** Budget of the weight classes where a method has none of its own (dense): the top fifth. */
const shownSparsity = 0.8

/** A method with its values, ready to say what happens at which step. */
export class Pruner {
  readonly plan: Plan
  /** Groups of weights at the final sparsity: the budget K of the weight classes (docs/algorithms.md 1.4). */
  readonly budget: readonly Group[]
  /** How the mask changes where that is done in JavaScript, between steps. */
  readonly cut: ((view: CutView) => Promise<Cut>) | undefined
  private readonly criterion: Criterion
  private readonly grow: Criterion | undefined
  /** Of the mask before training. */
  private readonly first: Criterion
  private readonly final: readonly Group[]
  private readonly candidates: Candidates

  constructor(
    private readonly method: Method,
    private readonly values: Values,
    private readonly layout: Layout,
    steps: number,
  ) {
    this.plan = method.plan(values, steps)
    this.candidates = candidatesOf(layout, method.granularity?.(values))
    const names = method.statistics?.names ?? []
    const score = scoreOf(method, values)
    this.criterion = { formula: score, values, names }
    this.grow = method.grow && { formula: method.grow, values, names }
    this.first = { formula: method.initialScore ?? score, values, names }
    const target = method.target(values)
    this.final = this.groups(target)
    this.cut = this.cutBetweenSteps()
    this.budget = allocate(layout, this.scope, target > 0 ? target : shownSparsity, this.plan.rounding)
  }

  get scope(): Scope {
    return this.method.scope(this.values)
  }

  /** What is cut whole, where the method cuts units. */
  get units(): Units | undefined {
    return this.candidates.units
  }

  /** The mask before training that needs no gradient; null for "leave it". */
  initial(): PruneEvent | null {
    const { initial } = this.plan
    return initial === undefined ? null : { ...this.event(initial), criterion: this.first }
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
    if (!this.grow || share === 0) return event
    const survivors = event.groups.map((group) => ({ ...group, kept: group.kept - Math.floor(share * group.kept) }))
    return { ...event, exchange: { grow: this.grow, survivors } }
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
    return this.method.pruned?.(this.values) === 'free' && !this.plan.threshold ? this.layout.prunableCount : before
  }

  /**
   * Brings the model to `sparsity`. On the way no group falls below its final count (rounding per layer could ask for
   * that for one step), so that nested masks end exactly at the target.
   */
  private event(sparsity: number): PruneEvent {
    const least = (i: number) => (this.method.target(this.values) > 0 ? (this.final[i]?.kept ?? 0) : 0)
    const groups = this.groups(sparsity).map((group, i) => ({ ...group, kept: Math.max(group.kept, least(i)) }))
    const pruned = this.method.pruned?.(this.values) ?? 'held'
    const kept = this.candidates.weights(groups)
    return {
      criterion: this.criterion,
      groups,
      kept,
      nested: this.plan.nested ?? true,
      kind: pruned === 'through' ? 'latent' : pruned,
    }
  }

  private cutBetweenSteps(): Pruner['cut'] {
    const {
      method,
      values,
      criterion,
      plan: { calibration },
    } = this
    if (calibration)
      return (view) => cutByInputs(view, criterion, { scope: this.scope, ratio: this.candidates.ratio }, calibration)
    const cut = method.cut?.bind(method)
    return cut && (async (view) => cut(view, values))
  }

  private groups(sparsity: number): Group[] {
    return this.candidates.groups(this.scope, sparsity, this.plan.rounding)
  }
}

/** Weights kept by an event. */
export function keptBy(event: PruneEvent): number {
  return event.kept
}
