import type { ProblemData } from './problem'

/** A zip, or why there is none. */
export interface Packed {
  readonly zip?: Uint8Array
  readonly problem?: ProblemData
}
