import type { Rounding } from './scope'

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
   * Ranks a weight by the share of its output's total score that it and all smaller scores of the output make up.
   * Outputs then give up the same share of their total, and not the same number of weights.
   */
  readonly shares?: boolean
  /**
   * Moves the budget to blocks with more scores above `times` their mean in the dense model; densities of blocks differ
   * by at most twice `reach`. Another pass over the batches.
   */
  readonly outliers?: { readonly times: number; readonly reach: number }
  /**
   * Makes up for what is pruned by changing what is kept (optimal brain surgeon): H = 2/examples x^T x + `damping` *
   * mean(diag H) I, inputs in blocks of `block`. `x.input` is then U_ii, U upper triangular with U^T U = H^-1; without,
   * it is the norm of column i of x.
   */
  readonly repair?: { readonly damping: number; readonly block: number }
}

/** Factors on the learning rate, 0 to freeze. */
export interface Pace {
  /** Of everything but gates. */
  readonly weights: number
  readonly gates: number
}

/** What a plan asks of training beside mask changes. */
export interface Course {
  /** Factors on the learning rate of training step t; 1 unless said otherwise. */
  pace?(t: number): Pace
  /**
   * Steps of the learning rate's schedule that have passed before training step t, of `steps`, where it stands still at
   * times.
   */
  readonly clock?: { readonly steps: number; passed(t: number): number }
  /** Where training step t lies, for formulas: the number of a phase and the share of it that is done, say. */
  phase?(t: number): number
  /** Training steps before which optimizer moments start again, in order; none unless given. */
  readonly momentsFrom?: readonly number[]
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
  /** Last training step that may change the mask, -1 where masks change before training only. */
  readonly lastEvent: number
  readonly rounding: Rounding
  /** False where pruned weights are ranked too and may come back; true unless said otherwise. */
  readonly nested?: boolean
  readonly rounds?: Rounds
  /** How training itself goes, where it is not the same all the way. */
  readonly course?: Course
  /** Factor on the hook's penalty at training step t; 1 unless said otherwise. */
  pressure?(t: number): number
  /** How the only cut of the run, after step `lastEvent`, is made. */
  readonly calibration?: Calibration
}
