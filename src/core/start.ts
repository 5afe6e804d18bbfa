import type { Knobs, Values } from './knob'
import type { Objective } from './objective'

/** How a model is trained before its task: what decides the weights, the data and the model apart. */
export interface Pretraining {
  readonly objective: Objective
  /** One sentence part for people: "Hides 15 % of the tokens". */
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

/** Where the weights of a run come from: plain data, one file each, one line in `src/starts/index.ts`. */
export interface Start<K extends Knobs = Knobs> {
  readonly label: string
  /** One sentence: what a run begins with. */
  readonly about: string
  readonly cite: string
  readonly task: 'image' | 'text' | 'any'
  readonly knobs: K
  /** What the model learns first; absent where nothing is learnt. Only models with a trunk can. */
  pretraining?(values: Values<K>): Pretraining
}

/** Ties knob values to the recipe's functions. */
export function start<K extends Knobs>(recipe: Start<K>): Start<K> {
  return recipe
}
