import { Problem } from '../../core/problem'

/** Throws an error on, unless it is that the device is lost: then there is nothing to see. */
export function unlessLost(error: unknown): null {
  if (Problem.from(error).about !== 'device') throw error
  return null
}
