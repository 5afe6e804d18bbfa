/** One part of what runs on a GPU host, in a process of its own. */
export interface Step {
  readonly name: string
  /** What it shows, for people. */
  readonly title: string
  /** Program and arguments. */
  readonly command: readonly string[]
  /** Seconds that it may take. */
  readonly seconds: number
  /** Why it is not run here, as a sentence. */
  readonly leftOut?: string
}

/** What came of a step. */
export interface Outcome {
  readonly step: Step
  readonly state: 'done' | 'failed' | 'out of time' | 'not run'
  readonly seconds: number
  /** Why, where it is not done. */
  readonly why: string
}

/** How a process ended. */
export interface Ended {
  /** It was stopped at its limit. */
  readonly stopped: boolean
  /** Null where a signal ended it. */
  readonly code: number | null
  /** The last line that it wrote. */
  readonly lastLine: string
}
