import type { KnobValue } from './knob'
import type { Training } from './training'

/** A plugin and its knobs. `values` holds every knob of the plugin. */
export interface Choice {
  readonly id: string
  readonly values: Readonly<Record<string, KnobValue>>
}

/** Everything that determines a run, as plain data. Same experiment, same device: same run. */
export interface Experiment {
  /** 0 to 2^31 - 1. */
  readonly seed: number
  readonly data: Choice
  readonly model: Choice
  readonly method: Choice
  /** Where the weights come from. */
  readonly start: Choice
  readonly training: Training
}
