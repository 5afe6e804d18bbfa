import type { Tensor } from '@tensorflow/tfjs'
import type { Cut, CutPasses, CutView } from './cut'
import type { Granularity } from './granularity'
import type { Knobs, Values } from './knob'
import type { InputSpec, Nn, TensorSpec, UnitSite, UnitSlices } from './model'
import type { ProblemData } from './problem'
import { isScope, type Group, type Rounding, type Scope } from './scope'

/**
 * What a formula sees of one weight; all float32.
 *
 * `noiseMean`, `noiseSquare` and `importance` are SEVEN's statistics (docs/algorithms.md 1.2): bias-corrected
 * exponential means of |g| and of g^2, and the running sum of |w g| * noiseMean / sqrt(noiseSquare).
 */
export interface WeightView {
  /**
   * The weight: in scores as it is after the optimizer step, in `gather` as it was when the gradient was taken. Its
   * latent value where the method keeps one.
   */
  readonly w: number
  /**
   * Gradient of the loss at the effective weights, for all weights, cut ones too. It is that of this step; while
   * scoring before training, the mean over the batches since the last cut.
   */
  readonly g: number
  readonly noiseMean: number
  readonly noiseSquare: number
  readonly importance: number
  /** Uniform in [0, 1), a function of the seed and the weight's index alone, so that repeated masks nest. */
  readonly uniform: number
  /** Uniform in [0, 1), a function of the seed, the weight's index and the step. */
  readonly fresh: number
  /** The weight before the first step. */
  readonly initial: number
  /** 1 where the mask keeps the weight, 0 where it does not. */
  readonly kept: number
  /** (H g) of the weight, H the loss's Hessian; 0 unless the plan's probe is `curvature`. */
  readonly curvature: number
  /** What calibration found of the weight's input (`Calibration`); 0 unless the plan calibrates. */
  readonly input: number
  /** Inputs of the weight's layer: rows of its matrix. */
  readonly fanIn: number
  /** Largest |w| of the weight's matrix when statistics last began or the mask last changed, right before it. */
  readonly largest: number
  /** Gradients gathered since the statistics began, the latest included. */
  readonly age: number
  /** Learning rate of the step. */
  readonly rate: number
  /** What the plan says of the step (`Plan.phase`); 0 where it says nothing, and before the first step. */
  readonly phase: number
}

/** What formulas see of a weight in a method that keeps numbers of its own. */
export type View<S extends string = string> = WeightView & Readonly<Record<S, number>>

/**
 * A number of one weight, written twice: the WGSL expression for the GPU, the JavaScript twin as its oracle and for
 * other backends.
 */
export interface Formula<K extends Knobs = Knobs, S extends string = string> {
  /** Expression over `x.w`, `x.g`, `x.noiseMean`, ... and `p.<number knob>`; a flag is 1 or 0 there. */
  readonly wgsl: string
  js(x: View<S>, p: Values<K>): number
}

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

/**
 * Where the gradients of scoring before training come from (docs/algorithms.md 2.5, 2.6, 2.8), always without dropout:
 * `loss`: the loss, on adversarial images where the run trains on them; `curvature`: the loss, and then (H g) over the
 * same batches; `flow`: synaptic flow, which reads no data.
 */
export type Probe = 'loss' | 'curvature' | 'flow'

/** Training that is repeated: train, prune, rewind (docs/algorithms.md 2.9). */
export interface Rounds {
  /** Rounds that end in a cut; one more, without a cut, follows. */
  readonly count: number
  /** Sparsity after round j, counted from 0; the last is the method's target. */
  sparsityAfter(round: number): number
  /**
   * What goes back. `weights`: weights and rate. `rate`: the rate alone. `reinitialise`: both, but the last training
   * starts from weights of another seed. `fineTune`: nothing, and the rate stays at the schedule's last one.
   */
  readonly rewind: 'weights' | 'rate' | 'reinitialise' | 'fineTune'
  /** The point of a training, as a share in [0, 1), to which weights and rate go back. */
  readonly share: number
  /**
   * Before the last training, replace the mask by a random one with the same count in each layer: the usual control.
   */
  readonly shuffle: boolean
}

/**
 * A cut that looks at the inputs x [rows, in] of every linear layer, in evaluation mode over training batches
 * (docs/algorithms.md 2.29, 2.30). Layers are cut block by block, and each block's inputs come from the pruned blocks
 * before it. Scopes that rank several layers together see the inputs of the dense model.
 */
export interface Calibration {
  readonly batches: number
  /**
   * Makes up for what is pruned by changing what is kept (optimal brain surgeon): H = 2/examples x^T x + `damping` *
   * mean(diag H) I, inputs in blocks of `block`. `x.input` is then U_ii, U upper triangular with U^T U = H^-1; without,
   * it is the norm of column i of x.
   */
  readonly repair?: { readonly damping: number; readonly block: number }
}

/** When a method looks and when it cuts. Steps and batches count from 0; sparsity is over prunable weights. */
export interface Plan {
  /** Batches whose gradients are gathered at fixed weights before the first training step. */
  readonly scoringBatches: number
  /** Where their gradients come from; `loss` unless said otherwise. */
  readonly probe?: Probe
  /** Divides the logits where the probe is `curvature`; 1 unless said otherwise. */
  readonly temperature?: number
  /**
   * Sparsity to reach after scoring batch i, undefined to leave the mask. With no scoring batches, `initial` is asked
   * instead.
   */
  scoring(i: number): number | undefined
  /** Sparsity before training where no gradient is needed (random), undefined for none. */
  readonly initial?: number
  /** Sparsity to reach after training step t, undefined to leave the mask. */
  training(t: number): number | undefined
  /**
   * Share of each group's kept weights that a mask change after step t replaces by others (`grow` ranks those); 0
   * unless said otherwise.
   */
  exchange?(t: number): number
  /** Score above which weights are kept after step t, instead of a count: sparsity is then an outcome. */
  threshold?(t: number): number | undefined
  /** Training step before which noise statistics are reset, so that the score begins there. */
  readonly statisticsFrom: number
  /** Training steps before which optimizer moments start again, in order; none unless given. */
  readonly momentsFrom?: readonly number[]
  /** Last training step that may change the mask, -1 where masks change before training only. */
  readonly lastEvent: number
  readonly rounding: Rounding
  /** False where pruned weights are ranked too and may come back; true unless said otherwise. */
  readonly nested?: boolean
  readonly rounds?: Rounds
  /** Factors on the learning rate of training step t; 1 unless said otherwise. */
  pace?(t: number): Pace
  /**
   * Steps of the learning rate's schedule that have passed before training step t, of `steps`, where it stands still at
   * times.
   */
  readonly clock?: { readonly steps: number; passed(t: number): number }
  /**
   * Where training step t lies in the plan's own course, for formulas: the number of a phase and the share of it that
   * is done, say.
   */
  phase?(t: number): number
  /** Factor on the hook's penalty at training step t; 1 unless said otherwise. */
  pressure?(t: number): number
  /** How the only cut of the run, after step `lastEvent`, is made. */
  readonly calibration?: Calibration
}

/** Decay rates of SEVEN's two moments of |g|. */
export interface NoiseDecay {
  readonly mean: number
  readonly square: number
}

/**
 * The decay of the statistics that are only shown, not scored: equal rates, so that the noise discount stays below 1.
 */
export const shownDecay: NoiseDecay = { mean: 0.8, square: 0.8 }

/** What an optimizer step leaves of a gate, in this order. */
export interface GateRule {
  /** Soft threshold: |gate| shrinks by this times the gates' learning rate. */
  readonly shrink?: number
  readonly bounds?: readonly [low: number, high: number]
  /** A gate that is no larger becomes 0 for good. */
  readonly dead?: number
}

/** Factors on the learning rate, 0 to freeze. */
export interface Pace {
  /** Of everything but gates. */
  readonly weights: number
  readonly gates: number
}

/**
 * What a method does within the forward pass, where outputs of heads and neurons go into the next matrix. It may have
 * parameters of its own.
 */
export interface UnitHook {
  /** Tensors of a layer of units, beside the model's; never prunable, their names begin with the layer's. */
  tensors?(site: UnitSite): readonly TensorSpec[]
  /**
   * True where every unit is treated by itself, or where the method chooses only among units that are left, and where
   * its tensors say how they hold units (`TensorSpec.units`). Units that are cut whole can then be taken out of the
   * model (src/core/compact.ts).
   */
  readonly separate?: true
  /**
   * @param x [..., count * size] @returns the same shape
   * @param params every tensor, the hook's own among them
   * @param input [..., width], what entered the layer
   */
  forward(nn: Nn, x: Tensor, site: UnitSite, params: Readonly<Record<string, Tensor>>, input: Tensor): Tensor
  /**
   * Share of a layer's kept units that take part in the result of one token, where they enter and where they leave; 1
   * unless given.
   * @param read values of a tensor of the hook's own, by name
   */
  active?(site: UnitSite, read: (name: string) => ArrayLike<number>): Partial<Record<UnitSlices['side'], number>>
  /**
   * A scalar whose gradient, times `plan.pressure`, is added to the loss's. The loss that is shown does not contain it.
   */
  readonly penalty?: (params: Readonly<Record<string, Tensor>>) => Tensor
  /** Tensors beside a prunable matrix; never prunable, their names begin with the matrix's. */
  beside?(matrix: TensorSpec): readonly TensorSpec[]
  /** What the model reads in the place of its parameters, by name; gradients flow through it. */
  readonly read?: (params: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>
  /**
   * What `read` makes of a trained matrix; without need of the tensors `beside` it. @param values of a tensor by name
   * @returns [matrix]
   */
  fold?(matrix: TensorSpec, values: (name: string) => Float32Array): Float32Array
  /** What holds for tensors that are gates. */
  readonly rule?: GateRule
}

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
  /** Larger keeps the weight. */
  readonly score: Formula<K, S>
  /** The score for these choices, where it depends on them; `score` is that of the defaults. */
  scoreBy?(values: Values<K>): Formula<K, S>
  /** The score of the mask that `plan.initial` asks for; `score` unless given. */
  readonly initialScore?: Formula<K, S>
  /** Ranks the weights that are not kept, where the plan exchanges some. */
  readonly grow?: Formula<K, S>
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
  /**
   * How often `cut` runs the model at a mask change from the counts `before` to the counts `after`; never unless given.
   */
  passes?(values: Values<K>, after: readonly Group[], before: readonly Group[]): CutPasses
  /** Gates, choices among units, experts: what happens inside the forward pass, in training and in evaluation. */
  units?(values: Values<K>): UnitHook
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
