import type { Layout } from '../core/layout'
import type { Method, Plan } from '../core/method'
import type { Values } from '../core/knob'
import { allocate, type Group } from '../core/scope'
import type { Criterion, PruneEvent } from './executor'

/** Budget of the weight classes where a method has none of its own (dense): the top fifth. */
const shownSparsity = 0.8

/** A method with its values, ready to say what happens at which step. */
export class Pruner {
  readonly plan: Plan
  /** Groups at the final sparsity: the budget K of the weight classes (docs/algorithms.md 1.4). */
  readonly budget: readonly Group[]
  private readonly criterion: Criterion
  private readonly final: readonly Group[]

  constructor(private readonly method: Method, private readonly values: Values, private readonly layout: Layout, steps: number, seed: number) {
    this.plan = method.plan(values, steps)
    this.criterion = { formula: method.score, values, seed }
    const target = method.target(values)
    this.final = this.groups(target)
    this.budget = target > 0 ? this.final : this.groups(shownSparsity)
  }

  /**
   * The mask change that brings the model to `sparsity`; null for "leave the mask". On the way no group falls below its
   * final count (rounding per layer may want that for one step), so that nested masks end at the target exactly.
   */
  event(sparsity: number | undefined): PruneEvent | null {
    if (sparsity === undefined) return null
    const groups = this.groups(sparsity).map((group, i) => ({ ...group, kept: Math.max(group.kept, this.final[i]?.kept ?? 0) }))
    return { criterion: this.criterion, groups }
  }

  private groups(sparsity: number): Group[] {
    return allocate(this.layout, this.method.scope(this.values), sparsity, this.plan.rounding)
  }
}

/** Weights kept by an event. */
export function keptBy(event: PruneEvent): number {
  return event.groups.reduce((sum, g) => sum + g.kept, 0)
}
