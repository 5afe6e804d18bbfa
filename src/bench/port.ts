import type { ProblemData } from '../core/problem'
import type { PeerName } from './peers/peer'
import type { BenchResult } from './result'

/** What the page asks for; fields as in `BenchOptions`. */
export interface BenchAsked {
  readonly workloads: readonly string[]
  readonly peers: readonly PeerName[]
  readonly quick: boolean
  readonly kernels: boolean
  readonly growth: boolean
  readonly command: string
}

/** A finished benchmark, or what went wrong. */
export type BenchAnswer = { readonly result: BenchResult } | { readonly problem: ProblemData }

/** The benchmark across the worker's boundary. */
export interface BenchPort {
  run(asked: BenchAsked, say: (text: string) => void): Promise<BenchAnswer>
}
