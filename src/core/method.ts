import type { Cut, CutPasses, CutView } from './cut'
import type { Granularity } from './granularity'
import type { Knobs, Values } from './knob'
import type { InputSpec } from './model'
import type { Plan } from './plan'
import type { ProblemData } from './problem'
import { isScope, type Group, type Scope } from './scope'
import type { UnitHook } from './unitHook'
import type { Formula } from './view'
import type { Weighing } from './weighing'

/**
 * Formulas for some of a method's own numbers, evaluated in the order listed; each sees what the ones before it wrote.
 */
export type Assignments<K extends Knobs, S extends string> = { readonly [N in S]?: Formula<K, S> }

/** Numbers that a method keeps for every prunable weight, at most three; they start at 0. */
export interface Statistics<K extends Knobs, S extends string> {
  readonly names: readonly S[]
  /** Values before the first gradient, from the initial weights. */
  readonly start?: Assignments<K, S>
  /** After each gradient, before the optimizer step. */
  readonly gather: Assignments<K, S>
  /** Before the scoring of a mask change. */
  readonly digest?: Assignments<K, S>
}

/**
 * What becomes of a pruned weight (docs/algorithms.md 0.2):
 * `held` is 0 with its moments until it is kept again; `latent` keeps its value, which no gradient moves, and counts as
 * 0;
 * `through` keeps its value and goes on learning from the dense gradient (straight-through); `free` is set to 0 when
 * the mask changes, keeps its moments and trains like any other, so that the model is sparse right after mask changes
 * only.
 */
export type PrunedWeights = 'held' | 'latent' | 'through' | 'free'

/** Decay rates of SEVEN's two moments of |g|. */
export interface NoiseDecay {
  readonly mean: number
  readonly square: number
}

/**
 * The decay of the statistics that are only shown, not scored: equal rates, so that the noise discount stays below 1.
 */
const shownDecay: NoiseDecay = { mean: 0.8, square: 0.8 }

/** What an author writes of a method: its place on the axes criterion, scope, schedule and regrowth. */
export interface Recipe<K extends Knobs = Knobs, S extends string = string> {
  readonly label: string
  readonly cite: string
  readonly group:
    | 'control'
    | 'before training'
    | 'during training'
    | 'after training'
    | 'structured'
    | 'input-dependent'
    | 'rounds'
    | 'frozen weights'
  /** Two or three sentences for the page: what is kept and why. */
  readonly about: string
  /** The score in TeX. */
  readonly formula?: string
  /** One sentence each, for the page: where the method does well, and where it does not. */
  readonly shines?: string
  readonly fails?: string
  /** How it differs from the paper or from look-alikes, where it does. */
  readonly adapted?: string
  readonly knobs: K
  readonly statistics?: Statistics<K, S>
  /** The numbers for these choices, under the same names, where their formulas depend on them. */
  statisticsBy?(values: Values<K>): Statistics<K, S>
  /** Larger keeps the weight. */
  readonly score: Formula<K, S>
  /** The score for these choices, where it depends on them; `score` is that of the defaults. */
  scoreBy?(values: Values<K>): Formula<K, S>
  /** The score of the mask that `plan.initial` asks for; `score` unless given. */
  readonly initialScore?: Formula<K, S>
  /** Ranks the weights that are not kept, where the plan exchanges some. */
  readonly grow?: Formula<K, S>
  /**
   * The gradient that the optimizer follows at a prunable weight; `x.g` is that of the loss. The norm that clips is the
   * loss's own. A mask change after the step sees what was followed as `x.g`.
   */
  readonly gradient?: Formula<K, S>
  /** A prunable weight's next value; `x.w` is what the optimizer proposes. */
  readonly step?: Formula<K, S>
  /**
   * The value with which a prunable weight stands for a mask change, and starts if that keeps it; `x.w` unless given.
   */
  readonly candidate?: Formula<K, S>
  /** Final sparsity over prunable weights, 0 for dense; the knob `sparsity` unless given, 0 without one. */
  target?(values: Values<K>): number
  /** The knob `scope` unless given, `global` without one. */
  scope?(values: Values<K>): Scope
  /**
   * What is kept or cut as one: single weights unless given. Sparsity is then a share of units, at least one of a layer
   * kept.
   */
  granularity?(values: Values<K>): Granularity
  plan(values: Values<K>, steps: number): Plan
  /** `shownDecay` unless given. */
  noiseDecay?(values: Values<K>): NoiseDecay
  /**
   * Why these values make no sense together, or with this input, and what to change; a run that is refused does not
   * open.
   * @param input unknown until the data is loaded, when the question is asked again
   * @param model its knobs
   */
  refuses?(values: Values<K>, input?: InputSpec, model?: Values): ProblemData | undefined
  /**
   * Makes the mask changes of `plan.initial` and `plan.training` in JavaScript, instead of by `score`, while no step is
   * under way. Where it gives weights, optimizer moments and statistics start again after it. It decides itself how
   * many weights it keeps; `view.groups` says how many the plan asks for.
   */
  cut?(view: CutView, values: Values<K>): Cut | Promise<Cut>
  /** How masks are changed in JavaScript for these choices, where it depends on them; takes the place of `cut`. */
  cutBy?(values: Values<K>): ((view: CutView) => Cut | Promise<Cut>) | undefined
  /**
   * How often `cut` runs the model at a mask change from the counts `before` to the counts `after`; never unless given.
   */
  passes?(values: Values<K>, after: readonly Group[], before: readonly Group[]): CutPasses
  /** Gates, choices among units, experts: what happens inside the forward pass, in training and in evaluation. */
  units?(values: Values<K>): UnitHook
  /** About how the score weighs sensitivity against noise, for the noise chart; left out where it does not. */
  weighing?(values: Values<K>): Weighing
  /** `held` unless given. */
  pruned?(values: Values<K>): PrunedWeights
}

/** A pruning method: a recipe with what it left out. */
export interface Method<K extends Knobs = Knobs, S extends string = string> extends Recipe<K, S> {
  target(values: Values<K>): number
  scope(values: Values<K>): Scope
  noiseDecay(values: Values<K>): NoiseDecay
}

/** Ties knob values and own numbers to the recipe's functions, and fills in what it leaves out. */
export function method<K extends Knobs, S extends string = never>(recipe: Recipe<K, S>): Method<K, S> {
  return {
    target: ({ sparsity }: Values) => (typeof sparsity === 'number' ? sparsity : 0),
    scope: ({ scope }: Values) => (isScope(scope) ? scope : 'global'),
    noiseDecay: () => shownDecay,
    ...recipe,
  }
}
