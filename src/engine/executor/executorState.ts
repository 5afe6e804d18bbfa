export type LastingArray = Float32Array | Uint32Array

/** What an executor needs to go on from a step, under the same names on every backend. */
export interface ExecutorState {
  /** Flat arrays of the arena, by the names of `lastingOf`. */
  readonly arrays: Readonly<Record<string, LastingArray>>
  /** 0-based count of the last gradient in the noise statistics. */
  readonly statisticsStep: number
  /** Gradients by which sentinels are told. */
  readonly witnessed: number
}
