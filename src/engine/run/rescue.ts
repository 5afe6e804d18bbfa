import type { Experiment } from '../../core/experiment'
import { count } from '../../core/figures'
import { Problem } from '../../core/problem'
import type { TrainerEvent } from '../../core/trainer'
import type { Checkpoint } from './checkpoint'
import { openSession, type SessionOptions } from './openSession'
import type { SavedRun } from './savedRun'
import type { Session } from './session'

/** After so many losses of a device, a run goes on without one. */
const mostLosses = 3
/** Milliseconds between tries: after a crash of the browser's GPU process there is no adapter for a moment. */
const pausesMs = [0, 500, 1500, 4000]

/** A run whose device was lost. */
export interface Lost {
  readonly experiment: Experiment
  /** How it was opened. */
  readonly options: SessionOptions
  /** The state that it goes back to; null for its first step. */
  readonly checkpoint: Checkpoint | null
  /** Devices that it has lost so far. */
  readonly losses: number
}

/**
 * Opens a run again that lost its device, on a new one, or on wasm where there is none or too many were lost.
 * @throws Problem, or AbortError, as `openSession`
 */
export async function reopen({ experiment, options, checkpoint, losses }: Lost): Promise<Session> {
  const session = losses < mostLosses ? await onNewDevice(experiment, options) : null
  const found = session ?? (await openSession(experiment, { ...options, backend: 'wasm' }))
  try {
    if (checkpoint) found.goOn(checkpoint)
    return found
  } catch (error) {
    found.dispose()
    throw error
  }
}

async function onNewDevice(experiment: Experiment, options: SessionOptions): Promise<Session | null> {
  for (const pause of pausesMs) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    options.signal.throwIfAborted()
    try {
      return await openSession(experiment, { ...options, backend: 'webgpu' })
    } catch (error) {
      if (options.signal.aborted || Problem.from(error).about === 'data') throw error
    }
  }
  return null
}

/** What the page shows from the loss on until the run goes on. */
export const lossText = 'The GPU was lost; preparing another one'

/** An event of the opening on another device, as the page may hear of it: to the page this is one run. */
export function duringRescue(event: TrainerEvent): TrainerEvent | null {
  if (event.type === 'phase' || event.type === 'note') return null
  return event.type === 'compiling' ? { ...event, progress: { ...event.progress, text: `${lossText}:` } } : event
}

/** What the page is told in the end: how the run goes on, and why. */
export function rescuedText(loss: Problem, { step, experiment, executor }: Session): string {
  const { backend } = executor.report
  const place = backend === 'webgpu' ? 'on a new device' : `on ${backend}, which is slower`
  const from =
    step > 0
      ? `at step ${count(step)} of ${count(experiment.training.steps)}, where it was saved`
      : 'from its first step'
  return `The run goes on ${from}, ${place}. ${loss.what}`
}

/** What a listener needs that has heard nothing of a run yet. */
export function retell(session: Session, emit: (event: TrainerEvent) => void): void {
  const { metrics: steps, msPerStep, secondsLeft, evaluations, cuts, step } = session
  if (step === 0) return
  emit({ type: 'steps', steps, msPerStep, secondsLeft })
  for (const evaluation of evaluations) emit({ type: 'evaluation', evaluation })
  for (const cut of cuts) emit({ type: 'cut', cut })
}

/**
 * Goes on with a run that was just opened where it was on the last visit.
 * @returns where that was @throws Problem where it cannot; the session is freed then
 */
export async function goOnFromLastVisit(
  session: Session,
  kept: SavedRun,
  emit: (event: TrainerEvent) => void,
): Promise<Checkpoint> {
  try {
    const { checkpoint, otherDamaged } = await kept.newest()
    if (otherDamaged)
      emit({ type: 'note', text: 'One of the two checkpoints of the run is damaged; the other one is taken.' })
    session.goOn(checkpoint)
    retell(session, emit)
    for (const frame of checkpoint.frames ?? []) emit({ type: 'frame', frame })
    return checkpoint
  } catch (error) {
    session.dispose()
    throw error
  }
}
