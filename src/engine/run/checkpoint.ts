/**
 * The state of a run between two steps, from which it goes on as if nothing had happened. Every part that changes while
 * a run trains describes its own state; nothing here knows what that is.
 */
import { runId } from '../../config/identity'
import { toLink } from '../../config/link'
import type { Experiment } from '../../core/experiment'
import { count } from '../../core/figures'
import { Problem } from '../../core/problem'
import type { Frame } from '../../core/recorded'
import type { BackendReport } from '../../core/trainer'
import type { Executor } from '../executor/executor'
import type { ExecutorState } from '../executor/executorState'
import type { Stateful } from '../executor/stateful'

/** Version of the record. A change of what any part saves is a new one: numbers would no longer fit. */
export const checkpointSchema = 2

/** The parts of a run by name, the device's apart, which takes a moment to read. */
export type Parts = Readonly<Record<string, Stateful>>

/** A run between two steps. */
export interface Checkpoint {
  readonly schema: number
  readonly runId: string
  /** The experiment, as a link. */
  readonly link: string
  /** Where it was computed; numbers of other devices differ in their last digits. */
  readonly backend: Pick<BackendReport, 'backend' | 'device'>
  /** Optimizer steps done. */
  readonly step: number
  readonly executor: ExecutorState
  readonly parts: Readonly<Record<string, unknown>>
  /** The course of its weights up to this step; absent where nobody looks back at it, and in older files. */
  readonly frames?: readonly Frame[]
}

/** A copy that was made and not yet read from the device. Steps may go on meanwhile. */
export interface PendingCheckpoint {
  /** @throws Problem when the device was lost or has no room for the copy */
  read(): Promise<Checkpoint>
}

/** Copies a run while no step is under way. @param step optimizer steps done */
export function copyRun(experiment: Experiment, step: number, executor: Executor, parts: Parts): PendingCheckpoint {
  const { backend, device } = executor.report
  const state = executor.save()
  // It may be given up before anybody waits for it.
  state.catch(() => undefined)
  const rest = {
    schema: checkpointSchema,
    runId: runId(experiment),
    link: toLink(experiment),
    backend: { backend, device },
    step,
    parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.save()])),
  }
  return { read: async () => ({ ...rest, executor: await state }) }
}

/** Puts a run that was just opened where the checkpoint was made. @throws Problem when it is of another run */
export function loadRun(checkpoint: Checkpoint, experiment: Experiment, executor: Executor, parts: Parts): void {
  const id = runId(experiment)
  if (checkpoint.runId !== id)
    throw new Problem(
      `The checkpoint is of run ${checkpoint.runId}, and this is run ${id}.`,
      'Open the experiment that it was made of, or begin this run from its first step.',
      { about: 'checkpoint' },
    )
  executor.load(checkpoint.executor)
  for (const [name, part] of Object.entries(parts)) part.load(checkpoint.parts[name])
}

/** A sentence on where the run goes on, and a second one where another device computed it so far. */
export function continuedText({ step, backend: before }: Checkpoint, steps: number, now: BackendReport): string {
  const goesOn = `The run goes on at step ${count(step)} of ${count(steps)}.`
  if (before.backend === now.backend && before.device === now.device) return goesOn
  return (
    `${goesOn} So far it ran on ${before.backend} (${before.device}), now on ${now.backend} (${now.device}): `
    + 'from here on, numbers may differ in their last digits.'
  )
}
