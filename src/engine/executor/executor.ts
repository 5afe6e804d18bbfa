import type { Difference } from '../../core/curvature'
import type { ForwardCost } from '../../core/inference'
import type { Layout } from '../../core/layout'
import type { MapRange, NumberMode } from '../../core/mapModes'
import type { InputSpec } from '../../core/model'
import type { Pace } from '../../core/plan'
import type { Criterion, Pruning } from '../../core/pruning'
import type { Group } from '../../core/scope'
import type { BackendReport, ClassCounts, WeightClass } from '../../core/trainer'
import type { Colour } from '../../core/palette'
import type { Batch } from '../../data/batches'
import type { CutKind } from '../../../shaders/select/mask'
import type { Descent } from './descent'
import type { Add, Watch } from './inputs'
import type { ExecutorState } from './executorState'

/**
 * Weights, optimizer, statistics and masks on one device. The engine's logic (what happens at which step) is the same
 * for every executor; results agree to 1e-4 between them. Calls return before the work is done unless they give a
 * promise; work happens in call order.
 */
export interface Executor {
  readonly report: BackendReport
  /** What the run's method says. */
  readonly pruning: Pruning
  readonly layout: Layout
  /** What the model reads. */
  readonly input: InputSpec
  /** Whether the run attacks its images, so that `evaluate` can (`attackOf`). */
  readonly attacks: boolean
  /** Bytes of buffers on the device. */
  readonly bytes: number
  /** Forward, backward, clip, optimizer, statistics and, with an event, the mask change: on WebGPU one submit. */
  train(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void
  /**
   * Gathers the gradients of the plan's probe at fixed weights; `inputs.step` counts scoring batches. Then, with an
   * event, changes the mask.
   */
  observe(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void
  /**
   * Gathers what tells sentinels, from the gradient of the loss without dropout. Moments, statistics and own numbers
   * change too, so `setWeights` with `judged` moments must follow before the first step.
   */
  judge(batch: Batch, inputs: StepInputs): void
  /** Norm of the mean of the gradients observed, over prunable weights. */
  directionNorm(): Promise<number>
  /**
   * (G(w + amount d) - G(w - amount d)) / (2 amount) of a batch, d that mean: [prunable length]. Call it before any
   * `bend`; it changes nothing.
   */
  slope(batch: Batch, inputs: StepInputs, amount: number): Promise<Float32Array>
  /**
   * Gathers a batch's part of H times that mean (`WeightView.curvature`); weights end as they began. Then, with an
   * event, changes the mask.
   */
  bend(batch: Batch, inputs: StepInputs, difference: Difference, event: PruneEvent | null): void
  /**
   * Sums over all batches of what is watched in evaluation mode (`watchInputs`, `watchGates`), by name.
   * @param add what becomes of a batch's part, where it is not added up
   */
  sums(batches: Batches, watch: Watch, add?: Add): Promise<ReadonlyMap<string, Float64Array>>
  /** Moves numbers that are not parameters with every batch, in evaluation mode; the model stays as it is. */
  descend(batches: Batches, descent: Descent): Promise<void>
  /**
   * Changes the mask without a new gradient. Given the inputs of the step before, it does what that step would have
   * done.
   */
  prune(event: PruneEvent, inputs?: StepInputs): void
  /** Zeroes the noise statistics; what tells sentinels stays. */
  resetStatistics(): void
  /** Zeroes the optimizer's moments (scoring before training borrows them). */
  resetMoments(): void
  /** Loss and gradient norm of the steps done since the last call; waits for them. */
  drain(): Promise<Drained>
  /**
   * Logits of the batches, [examples, classes] row by row, with padding rows; where `attacked` and the run attacks,
   * logits of adversarial images made of them.
   */
  evaluate(batches: Iterable<Batch>, attacked?: boolean): Promise<Float32Array>
  /**
   * Weights by class: sentinels are the top `groups` by importance, temporary ones the rest of the top by peak. Changes
   * nothing.
   */
  classify(groups: readonly Group[]): Promise<ClassCounts>
  /** The mask, bit i % 32 of word i / 32 for flat index i < prunableLength; padding bits are 0. */
  mask(): Promise<Uint32Array>
  /** The weights that were kept at some training step, as `mask` holds them; null where the method exchanges none. */
  visited(): Promise<Uint32Array | null>
  /** All parameters, [layout.length]. */
  weights(): Promise<Float32Array>
  /** Those from `layout.gatesFrom` on. */
  gates(): Promise<Float32Array>
  /** Calls `look` while these weights [layout.length] stand in for the model's own, which come back bit for bit. */
  withWeights<T>(weights: Float32Array<ArrayBuffer>, look: () => Promise<T>): Promise<T>
  /**
   * Counts and times forward passes of the model as it is, dense and, where the backend has sparse kernels, with those;
   * batches come from small to large, and those that would take long are left out. Changes nothing.
   */
  measureForward(batches: readonly Batch[]): Promise<ForwardCost>
  /** Numbers of the weights at flat indices below prunableLength. */
  sample(indices: Uint32Array<ArrayBuffer>): Promise<WeightSample[]>
  /** What the latest gradient and the last mask change say of the weight at a flat index below prunableLength. */
  latest(index: number): Promise<LatestNumbers>
  /**
   * The lowest score that the last mask change kept, one a group of what was ranked; empty before the first one, and
   * where no score ranks. Not finite where a group kept all or none.
   */
  lowestKept(): Promise<readonly number[]>
  /** Bits of the floats by which the last mask change ranked, [prunableLength]; NaN where a weight was not ranked. */
  scores(): Promise<Uint32Array<ArrayBuffer>>
  /** Draws the weight map. */
  readonly painter: Painter
  /**
   * Puts other weights or another mask in the place of the model's. The promise resolves at once, but for `masked`:
   * those moments are read from the device first.
   */
  setWeights(next: NextWeights): Promise<void>
  /** A copy of what the next step depends on, as it is now: later calls do not change it. */
  save(): Promise<ExecutorState>
  /**
   * Goes on from there; the call before must be `setWeights` with `fresh` moments.
   * @throws Problem when it is of a model of another size
   */
  load(state: ExecutorState): void
  dispose(): void
}

/** Draws the weight map of the current state. */
export interface Painter {
  attach(canvas: OffscreenCanvas): Promise<void>
  /** @throws TypeError for ages where `remember` was not called: a mistake in the engine */
  paint(look: MapLook): Promise<void>
  /** Whether it notes when bits of the mask change. */
  readonly remembers: boolean
  /** Notes it from now on, and goes on from the changes before. Until then that costs nothing. */
  remember(before: Changes): Promise<void>
  /** The range of the number that was painted last; null where no kept weight has one, and before the first paint. */
  range(): Promise<MapRange | null>
  detach(): void
}

/**
 * What a model goes on with. `moments` says what becomes of the optimizer's moments and of the statistics. `kept`: they
 * stay. `masked`: moments of pruned weights become 0. `zeroed`: all become 0. `fresh`: all is as before the first step
 * of a run that begins with these weights and prunes none. `judged`: the same, but what tells sentinels stays.
 */
export type NextWeights = Readonly<
  | {
      /** All parameters, [layout.length]; pruned ones become 0. Where left out, all stay as they are. */
      weights?: Float32Array<ArrayBuffer>
      /** As `mask` gives it. */
      mask: Uint32Array<ArrayBuffer>
      moments: 'kept' | 'masked' | 'zeroed'
    }
  | { weights: Float32Array<ArrayBuffer>; moments: 'fresh' | 'judged' }
>

/** A mask change: rank each group by the criterion and keep its exact count. */
export interface PruneEvent {
  readonly criterion: Criterion
  readonly groups: readonly Group[]
  /** Weights that are left: the counts of `groups`, which may be of units. */
  readonly kept: number
  /** Pruned weights stay pruned. */
  readonly nested: boolean
  /** Of the kept weights only these stay, by the criterion; others take the free places by the criterion `grow`. */
  readonly survivors?: readonly Group[]
  /** Keeps every weight that scores above this, and the counts of `groups` at least. */
  readonly threshold?: number
  /**
   * `held`: pruned weights and their moments become 0; `free`: pruned weights alone; `latent`: they stay as they are.
   */
  readonly kind: CutKind
}

/** What changes from step to step. */
export interface StepInputs {
  /** 0-based optimizer step of the run. */
  readonly step: number
  /** Optimizer steps since the moments were zeroed; bias corrections of Adam count from it. */
  readonly momentAge: number
  readonly rate: number
  /** What formulas see of the plan's course (`Course.phase`); 0 unless given. */
  readonly phase?: number
  /** Factors on the rate; 1 unless given. */
  readonly pace?: Pace
  /** Factor on the gradient of the method's penalty; 1 unless given. */
  readonly pressure?: number
  /** 0-based count of gradients in the noise statistics since their last reset. */
  readonly statisticsStep: number
  /** This gradient does not count for sentinels (judging.ts). */
  readonly unjudged?: boolean
}

/** Numbers of one step, as they come back from the device. */
export interface StepNumbers {
  readonly step: number
  readonly loss: number
  readonly gradientNorm: number
}

/** What has arrived since the last call; `haltedAt` is the 0-based step whose loss or gradient was not finite. */
export interface Drained {
  readonly steps: readonly StepNumbers[]
  readonly haltedAt: number | null
}

/** One weight's numbers, read from the device. Noise statistics are bias-corrected, 0 where a cut zeroed them. */
export interface WeightSample {
  readonly weight: number
  readonly noiseMean: number
  readonly noiseSquare: number
  /** What ranks sentinels and temporary sentinels (shaders/train/witness.ts). */
  readonly importance: number
  readonly peak: number
  /** Mean over the run's gradients of |w g| over the gradient's norm. */
  readonly sensed: number
  /** By which the last mask change ranked the weight; not finite where it did not. */
  readonly score: number
  /** Of the latest batch; 0 before the first one. */
  readonly gradient: number
  readonly class: WeightClass
  readonly cut: boolean
}

/** Numbers of one weight that live until the next gradient or mask change. */
export interface LatestNumbers {
  readonly gradient: number
  /** Of the whole gradient, before clipping; 0 before the first one. */
  readonly norm: number
  /** Not finite where the weight was not ranked. */
  readonly score: number
  /** Steps that were done when its bit of the mask changed last; NaN where it never did, or nobody notes it. */
  readonly changed: number
}

/** What the map shows, and in which colours. */
export type MapLook = (MapColours & { readonly mode: 'class' }) | NumberOnMap

/** A number of every weight; `step`: steps done. */
export interface NumberOnMap extends MapColours {
  readonly mode: NumberMode
  readonly scale: readonly Colour[]
  readonly step: number
}

/** When bits of a mask changed last: steps that were done then by flat index, NaN for never; and that mask. */
export interface Changes {
  readonly steps: Float32Array<ArrayBuffer>
  readonly mask: Uint32Array
}

/** Colours of the map: two a class, and what lies beside the tiles. */
export interface MapColours {
  readonly classes: Readonly<Record<WeightClass, Readonly<Record<'kept' | 'cut', Colour>>>>
  readonly background: Colour
}

/** Batches as they are made; their maker may let messages in between two of them, or give up by an error. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>
