import type { ProblemData } from '../core/problem'

/** A run that somebody is to make. */
export interface RunJob {
  /** Id of the run; a queue knows each one once. */
  readonly id: string
  readonly link: string
  /** Training steps of the whole run. */
  readonly steps: number
  /** The worker that made it before: a run that is checked is made by another one. */
  readonly not?: string
}

/** A run in the hands of one worker, until it is finished or the lock runs out. */
export interface Lease {
  readonly job: RunJob
  readonly worker: string
  /** Key to the lock; another lease of the same run has another one. */
  readonly token: string
  /** The newest checkpoint that any worker sent; null where none did. */
  readonly checkpoint: Uint8Array | null
}

/** Files of a finished run by name, `result.json` among them. */
export type RunFiles = Readonly<Record<string, Uint8Array>>

/** A run that a worker makes now. */
export interface RunningRun {
  readonly id: string
  readonly worker: string
  readonly step: number
  readonly steps: number
}

/** A run that was set aside. */
export interface FailedRun {
  readonly id: string
  readonly link: string
  readonly problem: ProblemData
}

/** What a queue holds, by ids of runs. */
export interface Listing {
  /** Those that wait for another attempt among them. */
  readonly waiting: readonly string[]
  readonly running: readonly RunningRun[]
  readonly finished: readonly string[]
  readonly failed: readonly FailedRun[]
}

/** How patient a queue is. */
export interface Patience {
  /** Milliseconds until a lock that nobody extends runs out. */
  readonly lockMs: number
  /** Milliseconds before a run that failed is tried again; twice as many before the next time. */
  readonly backoffMs: number
  /** So many failures set a run aside. */
  readonly attempts: number
  /** So many workers that were lost in a row, without a checkpoint in between, set it aside too. */
  readonly losses: number
}

/** As it is used. */
export const usualPatience: Patience = { lockMs: 60_000, backoffMs: 5000, attempts: 3, losses: 5 }

/**
 * Runs to be made, shared by many workers: each is leased to one of them at a time. Calls that take a lease answer
 * false where it is held no more, and have changed nothing then.
 */
export interface RunQueue {
  readonly patience: Patience
  /** Adds the runs that are not known, whatever became of those that are. @returns how many are new */
  add(jobs: readonly RunJob[]): Promise<number>
  /** The next run; null where none waits for this worker. */
  lease(worker: string): Promise<Lease | null>
  /** Starts the time of the lock anew. @param step how far the run is */
  extend(lease: Lease, step: number): Promise<boolean>
  /** Keeps a checkpoint for whoever has the run next, and extends the lock. */
  save(lease: Lease, step: number, checkpoint: Uint8Array): Promise<boolean>
  finish(lease: Lease, files: RunFiles): Promise<boolean>
  /** The run is tried again after a while, or set aside with its Problem. */
  fail(lease: Lease, problem: ProblemData): Promise<boolean>
  /** The run is next again, and nothing is held against it. */
  giveBack(lease: Lease): Promise<boolean>
  list(): Promise<Listing>
  /** What a finished run left, and who made it; null where it is not finished, or its files are kept no more. */
  result(id: string): Promise<{ readonly files: RunFiles; readonly worker: string } | null>
  /** Runs that are not in anyone's hands become unknown, with all that is kept of them. */
  forget(ids: readonly string[]): Promise<void>
  /** Empties the queue; leases are held no more. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** What is said of a run whose workers were lost one after the other. */
export function lostTooOften(id: string, losses: number): ProblemData {
  return {
    what: `Run ${id} lost its worker ${losses} times without getting further.`,
    fix: 'Run it by itself to see why, for example whether the memory is too small for it.',
  }
}
