import { runId } from '../../config/identity'
import { readsFiles } from '../../config/registries'
import { runLabel } from '../../config/runLabel'
import type { Experiment } from '../../core/experiment'
import type { Bytes } from '../../core/host'
import { nextTask } from '../../core/nextTask'
import { Problem } from '../../core/problem'
import type { TrainerEvent } from '../../core/trainer'
import { headerOf } from '../../core/safetensorsHeader'
import { burst } from './bursts'
import { keepWeights } from './keptWeights'
import type { openSession, SessionOptions } from './openSession'
import { weightsOf } from './weightsFile'

/**
 * The weights of the run that another one starts from, as a safetensors file: those that are kept, else that run is
 * made here, to its end, and its weights are kept.
 * @param open opens a run @throws Problem when it cannot be made; AbortError when the signal fires before its end
 */
export async function weightsOfFirst(
  first: Experiment,
  options: SessionOptions,
  open: typeof openSession,
): Promise<Bytes> {
  if (readsFiles(first))
    throw new Problem(
      'The run that this one starts from read files of yours, which no link holds.',
      'Start from your files, with the weights that were saved of that run.',
    )
  const { weights } = options.host
  const id = runId(first)
  const kept = await weights.get(id)
  if (kept && isWhole(kept)) return bytesOf(kept)
  options.emit({
    type: 'note',
    text: `The run that this one starts from (${runLabel(first)}) is not kept here, so it was made first.`,
  })
  const file = await made(first, options, open)
  await keepWeights(weights, id, file)
  return bytesOf(file)
}

async function made(
  first: Experiment,
  { emit, ...options }: SessionOptions,
  open: typeof openSession,
): Promise<ArrayBuffer> {
  const { signal } = options
  // Files of the user belong to the run that is asked for.
  const host = { ...options.host, files: [] }
  const opening = { ...options, host, load: undefined, emit: (event: TrainerEvent) => tellOfOpening(event, emit) }
  const session = await open(first, opening)
  try {
    const { steps } = first.training
    while (!session.finished) {
      await session.advance(burst(session.msPerStep), signal)
      signal.throwIfAborted()
      const progress = { text: '', bytes: 0, bytesTotal: 0, rows: 0, rowsTotal: 0 }
      emit({ type: 'loading', progress: { ...progress, steps: { done: session.step, of: steps } } })
      await nextTask()
    }
    await session.settle()
    const file = await weightsOf(session, 'f32')
    return new Uint8Array(file ?? []).buffer
  } finally {
    session.dispose()
  }
}

/** What the page may hear of a run that it did not ask for: how its data come, and before what it is made. */
function tellOfOpening(event: TrainerEvent, emit: (event: TrainerEvent) => void): void {
  if (event.type === 'loading') emit(event)
  if (event.type === 'phase')
    emit({ type: 'phase', phase: 'loading', text: 'Making the run that this one starts from' })
}

/** A file that was cut off when it was written is made again. */
function isWhole(file: ArrayBuffer): boolean {
  try {
    return headerOf(new Uint8Array(file), 'the kept weights').tensors.size > 0
  } catch {
    return false
  }
}

function bytesOf(file: ArrayBuffer): Bytes {
  return {
    byteLength: file.byteLength,
    whole: true,
    slice: (start, end) => Promise.resolve(file.slice(start, end)),
  }
}
