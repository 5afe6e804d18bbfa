/** What the benchmark writes: JSON for machines. Every time is in milliseconds. */
import type { PeerName } from './peers/peer'
import type { Point } from './statistics'

/** One peer on one workload. PyTorch counts no dispatches, and what it cannot measure is null. */
export interface PeerResult {
  /** Median of the rounds. */
  readonly msPerStep: number
  /** Distance between the quartiles. */
  readonly spread: number
  /** JavaScript's share: from the call to the return of the last submit, with the device idle before. Median. */
  readonly jsMsPerStep: number | null
  readonly dispatches: number | null
  readonly submits: number | null
  /** Buffers made for this workload and not destroyed. */
  readonly gpuBytes: number | null
  /** From weights in memory to the first loss: building, compiling, one step. */
  readonly firstStepMs: number
}

export interface WorkloadResult {
  readonly name: string
  readonly batch: number
  readonly params: number
  /** Losses of the first ten steps, the same to four digits for all peers. */
  readonly losses: readonly number[]
  readonly peers: Readonly<Partial<Record<PeerName, PeerResult>>>
  /** Why a peer was not timed: it failed, or computed something else. */
  readonly absent?: Readonly<Partial<Record<PeerName, string>>>
  /** Where this engine's step goes, most expensive first. */
  readonly kernels: readonly KernelShare[]
}

/** All dispatches of one kernel in a step. */
export interface KernelShare {
  readonly label: string
  readonly count: number
  readonly ms: number
}

export interface KernelResults {
  readonly update: { readonly gbPerS: number; readonly copyGbPerS: number; readonly params: number }
  /** Multiply-adds in registers alone, as two operations each: the limit of products. Absent in older files. */
  readonly peakGflops?: number
  readonly matmul: readonly { readonly m: number; readonly k: number; readonly n: number; readonly gflops: number }[]
  readonly select: readonly { readonly n: number; readonly ms: number; readonly dispatches: number }[]
}

/** How a step's time grows along one axis, and the fitted exponent. */
export interface Growth {
  readonly axis: 'batch' | 'depth' | 'width' | 'parameters'
  readonly exponent: number
  readonly points: readonly Point[]
}

export interface BenchResult {
  /** The adapter as it names itself. */
  readonly device: string
  /** It computes on the processor: growth and kernels then stop at smaller sizes. */
  readonly software: boolean
  /** ISO 8601, UTC. */
  readonly date: string
  /** How it was run. */
  readonly command: string
  readonly versions: Readonly<Record<string, string>>
  readonly workloads: readonly WorkloadResult[]
  readonly kernels: KernelResults | null
  readonly growth: readonly Growth[]
}
