import { Problem } from '../../core/problem'

/** Throws an error on, unless it is that the device is lost. */
export function unlessLost(error: unknown): void {
  if (Problem.from(error).about !== 'device') throw error
}
