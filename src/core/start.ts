import type { Examples, LoadOptions } from './dataset'
import type { Knobs, Values } from './knob'
import type { TensorSpec } from './model'
import type { Objective } from './objective'

/** How a model is trained before its task: what decides the weights, the data and the model apart. */
export interface Pretraining {
  readonly objective: Objective
  /** What the model does, as it follows "Before the task:"; "guesses 15 % of the tokens". */
  readonly text: string
  readonly steps: number
  readonly batch: number
  /** Of AdamW at its peak: it rises for a tenth of the steps and falls to 0 in a line. */
  readonly rate: number
  /** Starts the weights, the order and what is hidden, whatever the seed of the run is. */
  readonly seed: number
  /** All examples that the data set has, in the place of those of the task. */
  readonly all: boolean
}

/** Weights that were trained elsewhere, whose files are open. */
export interface TrainedStart {
  /** The word pieces that the model knows, index = id; texts are spelt in them. */
  readonly vocabulary?: readonly string[]
  /** Mean and deviation of each channel of pixel / 255 that the model learnt with, where images are to be read so. */
  readonly normalise?: NonNullable<Examples['normalise']>
  /**
   * The weights that a model takes over, by the names of its tensors; the others stay as they were drawn.
   * @param text one sentence: what was taken, from where
   * @throws Problem that names what does not fit
   */
  read(
    specs: readonly TensorSpec[],
    signal: AbortSignal,
  ): Promise<{ readonly weights: ReadonlyMap<string, Float32Array>; readonly text: string }>
}

/** Where the weights of a run come from: plain data, one file each, one line in `src/starts/index.ts`. */
export interface Start<K extends Knobs = Knobs> {
  readonly label: string
  /** One sentence: what a run begins with. */
  readonly about: string
  readonly cite: string
  readonly task: 'image' | 'text' | 'any'
  readonly knobs: K
  /** Whether it reads files of the user: links do not hold them, so runs on other files are other runs. */
  readonly ownFiles?: true
  /**
   * Whether it starts from another run, of which its knob `link` is the link. It opens the only file of its host, which
   * holds the weights of that run.
   */
  readonly ofRun?: true
  /** What the model learns first; absent where nothing is learnt. Only models with a trunk can. */
  pretraining?(values: Values<K>): Pretraining
  /**
   * Opens what was trained elsewhere; absent where nothing was.
   * @throws Problem when it is missing, damaged or too large; AbortError when the signal fires
   */
  open?(values: Values<K>, options: LoadOptions): Promise<TrainedStart>
}

/** Ties knob values to the recipe's functions. */
export function start<K extends Knobs>(recipe: Start<K>): Start<K> {
  return recipe
}
