/**
 * What a device reports by events and not to the caller: that it is lost, that an allocation failed, that a command was
 * refused.
 */
import { Problem } from '../core/problem'

/** Milliseconds in which a loss of the device follows the first read that it makes fail. */
const lossMs = 500

interface Watched {
  lost: GPUDeviceLostInfo | null
  refused: string | null
}

const watched = new WeakMap<GPUDevice, Watched>()

function stateOf(device: GPUDevice): Watched {
  const known = watched.get(device)
  if (known) return known
  const state: Watched = { lost: null, refused: null }
  watched.set(device, state)
  void device.lost.then((info) => {
    state.lost = info
  })
  device.addEventListener('uncapturederror', ({ error }) => {
    state.refused ??= error.message
  })
  return state
}

/**
 * Whether the device refused a command; what it holds may be wrong from then on, and the next run needs another one.
 */
export function hasRefused(device: GPUDevice): boolean {
  return (watched.get(device)?.refused ?? null) !== null
}

/**
 * Waits for work on the device.
 * @throws Problem when the device was lost or refused a command meanwhile; after a refused command numbers are wrong
 */
export async function watchDevice<T>(device: GPUDevice, work: Promise<T>): Promise<T> {
  const state = stateOf(device)
  try {
    const value = await work
    if (state.refused !== null) throw new Error(state.refused)
    return value
  } catch (error) {
    // A loss, and its reason, may arrive a moment after the read that it made fail.
    if (state.refused === null) await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, lossMs))])
    throw problemOf(state, error)
  }
}

/** What was made on a device, and once the device knows, why it had no room for it; null where it had. */
export interface Made<T> {
  readonly made: T
  readonly full: Promise<string | null>
}

/** Makes buffers at once, whether there is room or not. */
export function makeBuffers<T>(device: GPUDevice, make: () => T): Made<T> {
  device.pushErrorScope('out-of-memory')
  const made = make()
  return { made, full: device.popErrorScope().then((error) => error?.message ?? null) }
}

/**
 * Makes buffers. @param free called with what was made when the device turns out to have no room for it
 * @throws Problem when the device has no room
 */
export async function guardMemory<T>(device: GPUDevice, make: () => T, free: (made: T) => void): Promise<T> {
  stateOf(device)
  const { made, full } = makeBuffers(device, make)
  const why = await full
  if (why === null) return made
  free(made)
  throw new Problem(
    `The model does not fit: the device has no room for its activations (${why}).`,
    'Choose a smaller model or batch, or close other pages that use the GPU.',
  )
}

/** What is said of a command that the device refused. */
export function refusal(message: string, cause?: unknown): Problem {
  return new Problem(
    `The GPU refused a command: ${message}.`,
    'Start the run again; if it happens again, please report it with the link of the experiment.',
    { cause },
  )
}

function problemOf(state: Watched, error: unknown): unknown {
  if (state.lost) {
    const { reason, message } = state.lost
    return new Problem(
      `The GPU was lost (${reason}): ${message.replace(/\.$/, '') || 'the browser gave no reason'}.`,
      'Start the run again; measured points are kept. If it happens again, choose a smaller model or batch.',
      { cause: error, about: 'device' },
    )
  }
  return state.refused === null ? error : refusal(state.refused, error)
}
