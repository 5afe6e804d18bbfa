import type { Cut, CutView } from './cut'
import type { Granularity } from './granularity'
import type { Values } from './knob'
import type { Method, NoiseDecay, PrunedWeights } from './method'
import type { Plan } from './plan'
import type { UnitHook } from './unitHook'
import type { Formula } from './view'
import type { Scope } from './scope'
import type { Weighing } from './weighing'

/** The formulas by which a method ranks weights. */
export interface Criteria {
  readonly score: Formula
  /** For the mask that `plan.initial` asks for; `score` unless given. */
  readonly initial?: Formula
  /** For weights that are not kept, where the plan exchanges some. */
  readonly grow?: Formula
}

/** What a ranking is for. */
export type Criterion = keyof Criteria

/** A method with its values for a run of so many steps. Its recipe was asked once; parts of a run read the answers. */
export interface Pruning {
  readonly label: string
  readonly values: Values
  readonly plan: Plan
  /** Final sparsity, 0 for dense. */
  readonly target: number
  readonly scope: Scope
  readonly granularity: Granularity
  readonly decay: NoiseDecay
  readonly pruned: PrunedWeights
  readonly hook: UnitHook | undefined
  readonly criteria: Criteria
  readonly weighing: Weighing | undefined
  readonly statistics: Method['statistics']
  /** Names of the method's own numbers, in the order of their buffers. */
  readonly names: readonly string[]
  readonly gradient: Formula | undefined
  readonly step: Formula | undefined
  readonly candidate: Formula | undefined
  /** The method's own way to change the mask, in JavaScript between two steps. */
  readonly cut: ((view: CutView) => Promise<Cut>) | undefined
  /** Whether weights change places, so that over time more of them take part than at any moment. */
  readonly exchanges: boolean
  /** Whether weights that are pruned may come back. */
  readonly regrows: boolean
  /** Whether pruned weights keep their values, so that the model has to read weights through the mask. */
  readonly keepsValues: boolean
}

/** What a method says to these values in a run of so many steps. */
export function pruningOf(method: Method, values: Values, steps: number): Pruning {
  const plan = method.plan(values, steps)
  const pruned = method.pruned?.(values) ?? 'held'
  const { nested = true, scoringBatches } = plan
  const cut = method.cutBy ? method.cutBy(values) : method.cut?.bind(method)
  const statistics = method.statisticsBy?.(values) ?? method.statistics
  const exchanges = method.grow !== undefined && plan.exchange !== undefined
  return {
    label: method.label,
    values,
    plan,
    target: method.target(values),
    scope: method.scope(values),
    granularity: method.granularity?.(values) ?? { kind: 'weight' },
    decay: method.noiseDecay(values),
    pruned,
    hook: method.units?.(values),
    criteria: {
      score: method.scoreBy?.(values) ?? method.score,
      ...(method.initialScore ? { initial: method.initialScore } : {}),
      ...(method.grow ? { grow: method.grow } : {}),
    },
    weighing: method.weighing?.(values),
    statistics,
    names: statistics?.names ?? [],
    gradient: method.gradient,
    step: method.step,
    candidate: method.candidate,
    cut: cut && (async (view) => cut(view, values)),
    exchanges,
    regrows: exchanges || !nested,
    keepsValues: pruned === 'latent' || pruned === 'through' || (!nested && scoringBatches > 0),
  }
}

/** The formula of a ranking. */
export function formulaOf({ criteria }: Pruning, criterion: Criterion): Formula {
  return criteria[criterion] ?? criteria.score
}

/**
 * Whether the method's own score of every kept weight is known after a mask change: not where a cut is made in
 * JavaScript, where nothing is cut, or where the places of cut weights are ranked last.
 */
export function showsScores({ plan, cut, exchanges, target }: Pruning): boolean {
  return !cut && !plan.calibration && !exchanges && (target > 0 || plan.threshold !== undefined)
}

/** Every formula of a method with these values: those that rank, and those that change numbers. */
export function formulasOf(pruning: Pruning): Formula[] {
  const { criteria, statistics, gradient, step, candidate } = pruning
  const { score, initial, grow } = criteria
  const { start, gather, digest } = statistics ?? {}
  const assigned = [start, gather, digest].flatMap((pass) => Object.values<Formula | undefined>(pass ?? {}))
  return [score, initial, grow, gradient, step, candidate, ...assigned].filter((formula) => formula !== undefined)
}
