import type { RunAnswers } from './answers'
import type { Attempt, Attempted, Seen } from './attempt'
import type { LoadProgress, Source } from './dataset'
import type { Experiment } from './experiment'
import type { GateCounts } from './gateCounts'
import type { InferenceReport } from './inference'
import type { MapMode, MapScale } from './mapModes'
import type { Quality, WatchedCut } from './instability'
import type { Packed } from './packed'
import type { ProblemData } from './problem'
import type { Frame } from './recorded'
import type { SizeReport } from './sizes'
import type { Matrix } from './weightMap'

/** Which engine runs, and why. */
export interface BackendReport {
  readonly backend: 'webgpu' | 'wasm' | 'cpu'
  /** Adapter or processor, as it names itself. */
  readonly device: string
  /** A software adapter: correct, slow. */
  readonly software: boolean
  /** One sentence: why this backend. */
  readonly reason: string
  /** Activations that only the gradient needs are stored in 16 bits; `mixed`: factors of linear layers too. */
  readonly precision?: 'f16' | 'mixed'
  /**
   * Kernels with several variants, by name and shapes: the variant that runs, nanoseconds of a run of it, and of the
   * default.
   */
  readonly tuned?: Readonly<
    Record<string, { readonly variant: string; readonly ns: number; readonly defaultNs: number }>
  >
}

export type BackendChoice = 'auto' | 'webgpu' | 'wasm' | 'cpu'

/** A rectangle of the weight map; units are pixels of the map, one pixel a weight. */
export interface MapTile {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface MapLayout {
  readonly width: number
  readonly height: number
  readonly tiles: readonly MapTile[]
}

/** What a weight is by its gradients, kept or cut (docs/algorithms.md 1.4). */
export const weightClasses = ['ordinary', 'temporary', 'sentinel'] as const
export type WeightClass = (typeof weightClasses)[number]

/** Weights of a class: those with which the model computes, and those that are cut. */
export interface ClassCount {
  readonly kept: number
  readonly cut: number
}

export type ClassCounts = Readonly<Record<WeightClass, ClassCount>>

export interface LayerSparsity {
  readonly name: string
  readonly size: number
  readonly kept: number
}

/** One weight, read from the engine. */
export interface WeightReading {
  readonly layer: string
  /** Row and column within the layer's matrix. */
  readonly row: number
  readonly column: number
  /** Steps done when it was read. */
  readonly step: number
  readonly value: number
  /** Mean over batches of the discounted |w g| over the gradient's norm. */
  readonly importance: number
  /** Largest |w g| of one batch over its gradient's norm. */
  readonly peak: number
  /** How unsteady the gradient is; null where no gradient is remembered, as for most cut weights. */
  readonly noise: number | null
  /** Its noise over all batches that count for importance (`spreadOf`); null where it never mattered. */
  readonly spread: number | null
  /** Slope of the loss of the latest batch; null before the first gradient. */
  readonly gradient: number | null
  /** |value x gradient| over the norm of that whole gradient; null before the first one. */
  readonly sensitivity: number | null
  /** By which the method ranked the weight when the mask last changed; null where it did not. */
  readonly score: number | null
  /** Steps since its bit of the mask changed; null where it never did, or the map has not shown ages yet. */
  readonly age: number | null
  readonly class: WeightClass
  readonly cut: boolean
}

/** A sampled weight of the noise chart; a cut one has the numbers that it had when it was cut. */
export interface NoisePoint extends Pick<WeightReading, 'importance' | 'peak' | 'spread' | 'class' | 'cut'> {
  /** Its place in the flat buffer (`Opened.matrices`). */
  readonly index: number
}

/** Where a run's last cut lies in the noise chart, one a group of its scope (src/engine/measures/bounds.ts). */
export type NoiseBounds = readonly (number | null)[]

/** A measurement on the held-out set. */
export interface Evaluation {
  readonly step: number
  /** 'pruned': right after the last mask change; 'end': the run's result. */
  readonly moment: 'start' | 'periodic' | 'pruned' | 'end'
  readonly accuracy: number
  /** F1 of one class; absent where the data set names none (`Examples.positive`). */
  readonly f1?: number
  /**
   * Accuracy on adversarial images made of the same examples; absent where the run attacks none (`training.attack`).
   */
  readonly robust?: number
  readonly loss: number
  readonly sparsity: number
}

/** How far training before the task has come. */
export interface PretrainingProgress {
  /** Steps done, and steps in all. */
  readonly step: number
  readonly steps: number
  /** Losses since the last event; `step` is 1 after the first step. Where the weights were kept before, some of all. */
  readonly losses: readonly { readonly step: number; readonly loss: number }[]
  readonly msPerStep: number
  readonly secondsLeft: number
}

/** One training step's numbers. */
export interface StepMetrics {
  /** 1 after the first step. */
  readonly step: number
  readonly loss: number
  readonly gradientNorm: number
  readonly rate: number
  /** Share of prunable weights that are zeroed. */
  readonly sparsity: number
}

export type TrainerEvent =
  | { readonly type: 'phase'; readonly phase: Phase; readonly text: string }
  | { readonly type: 'loading'; readonly progress: LoadProgress }
  | { readonly type: 'compiling'; readonly progress: CompileProgress }
  | { readonly type: 'opened'; readonly opened: Opened }
  | {
      readonly type: 'steps'
      readonly steps: readonly StepMetrics[]
      readonly msPerStep: number
      readonly secondsLeft: number
    }
  | { readonly type: 'pretraining'; readonly progress: PretrainingProgress }
  | { readonly type: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly type: 'cut'; readonly cut: WatchedCut }
  | { readonly type: 'layers'; readonly layers: readonly LayerSparsity[] }
  | { readonly type: 'classes'; readonly counts: ClassCounts }
  | { readonly type: 'noise'; readonly points: readonly NoisePoint[]; readonly bounds: NoiseBounds }
  | { readonly type: 'gates'; readonly gates: GateCounts }
  | { readonly type: 'scale'; readonly scale: MapScale }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'slow'; readonly msPerStep: number; readonly secondsLeft: number }
  | { readonly type: 'problem'; readonly problem: ProblemData }
  | { readonly type: 'finished'; readonly result: RunResult }
  /** On the next visit, the run of this link can go on from this step. */
  | { readonly type: 'saved'; readonly link: string; readonly step: number }
  /** It cannot be saved for now: the next visit goes on from the step that was told last, or from the first one. */
  | { readonly type: 'stale'; readonly link: string }
  /** It no longer can: it has ended, or began anew. */
  | { readonly type: 'unsaved'; readonly link: string }

/** Kernels done and begun so far in phase 'compiling'; `total` may grow while more are found. */
export interface CompileProgress {
  readonly text: string
  readonly done: number
  readonly total: number
}

export type Phase =
  'idle' | 'loading' | 'compiling' | 'ready' | 'scoring' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed'

/** What is known once data, model and kernels are ready. */
export interface Opened {
  readonly runId: string
  readonly backend: BackendReport
  readonly source: Source
  readonly classes: readonly string[]
  readonly trainCount: number
  readonly heldCount: number
  /** Share of the most frequent held-out class: the accuracy of always answering it. */
  readonly majority: number
  readonly parameters: number
  readonly prunable: number
  readonly layers: readonly LayerSparsity[]
  readonly matrices: readonly Matrix[]
  readonly map: MapLayout
  /** Whether the method ranks single weights by a score, so that the map can show it once the mask has changed. */
  readonly scores: boolean
}

/** The result of a run. */
export interface RunResult {
  readonly runId: string
  readonly experiment: Experiment
  readonly backend: BackendReport
  readonly source: Source
  readonly evaluations: readonly Evaluation[]
  /** Mask changes that were watched (`training.watchedCuts`), in order; absent in results of old versions. */
  readonly cuts?: readonly WatchedCut[]
  readonly layers: readonly LayerSparsity[]
  /**
   * Sentinels and the other classes at the end, kept and cut; absent in results of versions that counted them in
   * another way.
   */
  readonly classes?: ClassCounts
  readonly steps: number
  /** Kept prunable weights over all prunable weights, exactly. */
  readonly kept: number
  readonly prunable: number
  /** Parameters of the model as it is saved, so without factors that are folded into matrices. */
  readonly parameters: number
  /** Share of the most frequent held-out class. */
  readonly majority: number
  /** Held-out examples that accuracy was measured on. */
  readonly held: number
  readonly seconds: number
  readonly msPerStep: number
  /** What it answered for each held-out example; absent where it did not come to its end, and in old versions. */
  readonly answers?: RunAnswers | undefined
  /**
   * What pruning bought: compression, multiply-adds, measured latency. Absent where it was not asked for or could not
   * be measured.
   */
  readonly inference?: InferenceReport
  /**
   * What the weights take to store, and the model's quality with int8 weights. Absent where the run was not measured at
   * its end.
   */
  readonly sizes?: SizeReport
  readonly quantized?: Quality
  /**
   * Share of the prunable weights that were kept at some step (in-time over-parametrisation, docs/algorithms.md 2.14).
   * Absent where weights do not change places, or the run was not measured at its end.
   */
  readonly explored?: number
}

/**
 * How the weights are written to a file: 32-bit floats with their masks, int8 codes with their scales, or floats of the
 * rebuilt model.
 */
export const weightsFormats = ['f32', 'int8', 'compact'] as const
export type WeightsFormat = (typeof weightsFormats)[number]

export interface OpenOptions {
  readonly backend: BackendChoice
  /** Allow a software GPU. */
  readonly allowSoftware: boolean
  /** Files for the data set `dropped`. */
  readonly files: readonly File[]
  /** Keeps the weights of its end under this id; those of the spared ids never leave for them. */
  readonly keep?: { readonly as: string; readonly spared: readonly string[] }
  /** Goes on from the newest checkpoint of an earlier visit; a problem where that cannot be. */
  readonly resume?: boolean
}

/**
 * The one interface between the page and training (over comlink). Every call answers when it is done; what happens
 * meanwhile arrives at the listener. Failures arrive as 'problem' events and as phase 'failed'; calls do not reject.
 */
export interface Trainer {
  listen(listener: (event: TrainerEvent) => void): Promise<void>
  /** Ends the run before, then loads, builds and compiles. Phase afterwards: 'ready'. */
  open(experiment: Experiment, options: OpenOptions): Promise<void>
  /** Gives up loading; what was fetched stays cached, so the next open goes on from there. */
  cancel(): Promise<void>
  /** Removes the checkpoints of a run of an earlier visit: it is not wanted. */
  discardLeft(runId: string): Promise<void>
  /** Saves the run for another page and closes it. Phase afterwards: 'idle'. */
  handOver(): Promise<void>
  start(): Promise<void>
  pause(): Promise<void>
  /** One step, then pause. */
  step(): Promise<void>
  /** Ends the run where it is; its result is 'finished', of the steps done. */
  stop(): Promise<void>
  /** Back to step 0 with the same initial weights and data order. */
  reset(): Promise<void>
  /** Canvas that the weight map is drawn on; null takes it away. `dark` chooses the palette. */
  attachMap(canvas: OffscreenCanvas | null, dark: boolean): Promise<void>
  /** What the map shows from now on, in this run and later ones; `class` until it is said. */
  showOnMap(mode: MapMode): Promise<void>
  /** Whether the page can be seen. While it is hidden, training goes on and nothing is drawn or counted. */
  setHidden(hidden: boolean): Promise<void>
  /** The weight at a pixel of the map, null beside the tiles. */
  inspect(x: number, y: number): Promise<WeightReading | null>
  /**
   * The weights as they are, as a safetensors file; null where nothing is open, or nothing can be taken out of the
   * model.
   */
  weights(format: WeightsFormat): Promise<Uint8Array | null>
  /**
   * The model as it is, as a zip of a folder that transformers (PyTorch) opens; null where nothing is open, and why not
   * where transformers has no such model.
   */
  forPyTorch(): Promise<Packed | null>
  /**
   * What the model as it is makes of an example; null where nothing is open, and why not while it trains.
   */
  attempt(asked: Attempt): Promise<Attempted | null>
  /** Held-out examples as a person reads them, by their numbers, even while it trains; null where nothing is open. */
  seen(indices: readonly number[]): Promise<readonly Seen[] | null>
}
