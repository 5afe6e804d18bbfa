import type { Ended, Outcome, Step } from './step'

/** No step shows anything in less. */
const leastSeconds = 2

interface Means {
  /** Seconds for all steps together. */
  readonly budget: number
  /** Seconds. */
  readonly now: () => number
  /** Runs the step's command, and stops it after so many seconds. */
  readonly run: (step: Step, seconds: number) => Promise<Ended>
  /** Hears after each step what came of those so far. */
  readonly ended: (outcomes: readonly Outcome[]) => void
}

/**
 * Runs steps in their order. Each may take its own time, or what is left of the whole; one that fails or is stopped
 * does not end the rest.
 */
export async function runSteps(steps: readonly Step[], means: Means): Promise<readonly Outcome[]> {
  const end = means.now() + means.budget
  const outcomes: Outcome[] = []
  for (const step of steps) {
    outcomes.push(await outcomeOf(step, end - means.now(), means))
    means.ended(outcomes)
  }
  return outcomes
}

async function outcomeOf(step: Step, left: number, { now, run }: Means): Promise<Outcome> {
  if (step.leftOut !== undefined) return { step, state: 'not run', seconds: 0, why: step.leftOut }
  if (left < leastSeconds) return { step, state: 'not run', seconds: 0, why: 'No time was left.' }
  const limit = Math.min(step.seconds, left)
  const begun = now()
  const { stopped, code, lastLine } = await run(step, limit)
  const seconds = now() - begun
  if (stopped) return { step, state: 'out of time', seconds, why: `Stopped after ${limit.toFixed(0)} s: ${lastLine}` }
  if (code === 0) return { step, state: 'done', seconds, why: '' }
  return {
    step,
    state: 'failed',
    seconds,
    why: lastLine || (code === null ? 'A signal ended it.' : `It ended with code ${code}.`),
  }
}
