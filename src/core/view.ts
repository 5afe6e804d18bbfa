import type { Knobs, Values } from './knob'

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
  /** |w| as a share of its output's sum of |w|, plus its share of its input's; 0 unless the plan calibrates. */
  readonly share: number
  /** Inputs of the weight's layer: rows of its matrix. */
  readonly fanIn: number
  /** Largest |w| of the weight's matrix when statistics last began or the mask last changed, right before it. */
  readonly largest: number
  /** Gradients gathered since the statistics began, the latest included. */
  readonly age: number
  /** Learning rate of the step. */
  readonly rate: number
  /** Factor by which the optimizer clips this step's gradient, at most 1; not in scores. */
  readonly clip: number
  /** What the plan says of the step (`Course.phase`); 0 where it says nothing, and before the first step. */
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
