import type { Frame } from '../core/recorded'
import { thinned } from './thinned'

/** Bytes that the frames of the open run may take. */
export const openBudget = 20e6

/**
 * Frames with one more; a run that went back to an earlier step makes the frames from there on anew. @param bytes what
 * they may take
 */
export function withFrame(frames: readonly Frame[], frame: Frame, bytes = openBudget): readonly Frame[] {
  return thinned([...frames.filter(({ step }) => step < frame.step), frame], bytes)
}
