import type { Knobs, Values } from './knob'
import type { Rounding, Scope } from './scope'

/**
 * What a formula sees of one weight; all float32.
 *
 * `noiseMean`, `noiseSquare` and `importance` are SEVEN's statistics (docs/algorithms.md 1.2): bias-corrected exponential
 * means of |g| and of g^2, and the running sum of |w g| * noiseMean / sqrt(noiseSquare).
 */
export interface WeightView {
  /** The weight, after the optimizer step. */
  readonly w: number
  /** Gradient of the loss at the effective weights: of this step; while scoring before training, the mean over batches so far. */
  readonly g: number
  readonly noiseMean: number
  readonly noiseSquare: number
  readonly importance: number
  /** Uniform in [0, 1), a function of the seed and the weight's index alone, so that repeated masks nest. */
  readonly uniform: number
}

/** A score, written twice: the WGSL expression for the GPU, the JavaScript twin as its oracle and for other backends. */
export interface Formula<K extends Knobs> {
  /** Expression over `x.w`, `x.g`, `x.noiseMean`, ... and `p.<number knob>`; larger keeps the weight. */
  readonly wgsl: string
  js(x: WeightView, p: Values<K>): number
}

/** When a method looks and when it cuts. Steps and batches count from 0; sparsity is over prunable weights. */
export interface Plan {
  /** Batches whose gradients are gathered at fixed weights before the first training step. */
  readonly scoringBatches: number
  /** Sparsity to reach after scoring batch i, undefined to leave the mask. With no scoring batches, `initial` is asked instead. */
  scoring(i: number): number | undefined
  /** Sparsity before training where no gradient is needed (random), undefined for none. */
  readonly initial?: number
  /** Sparsity to reach after training step t, undefined to leave the mask. */
  training(t: number): number | undefined
  /** Training step before which noise statistics are reset, so that the score is gathered from there on. */
  readonly statisticsFrom: number
  /** Last training step that may change the mask, -1 where masks change before training only. */
  readonly lastEvent: number
  readonly rounding: Rounding
}

/** Decay rates of SEVEN's two moments of |g|. */
export interface NoiseDecay {
  readonly mean: number
  readonly square: number
}

/** A pruning method is a recipe on the axes criterion, scope and schedule. */
export interface Method<K extends Knobs = Knobs> {
  readonly label: string
  readonly cite: string
  readonly group: 'control' | 'before training' | 'during training' | 'after training'
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
  readonly score: Formula<K>
  /** Final sparsity over prunable weights, 0 for dense. */
  target(values: Values<K>): number
  scope(values: Values<K>): Scope
  plan(values: Values<K>, steps: number): Plan
  noiseDecay(values: Values<K>): NoiseDecay
}

/** Ties knob values to the recipe's functions. */
export function method<K extends Knobs>(recipe: Method<K>): Method<K> {
  return recipe
}
