import { bytesOf, type Frame } from '../core/recorded'

/**
 * Frames within so many bytes, as far as numbers of single weights can go: those of every second frame are left out,
 * again and again. The masks stay, and the numbers of the last frame.
 */
export function thinned(frames: readonly Frame[], bytes: number): readonly Frame[] {
  const takes = frames.reduce((sum, frame) => sum + bytesOf(frame), 0)
  const sampled = frames.filter(({ sample }) => sample !== null)
  if (takes <= bytes || sampled.length < 2) return frames
  const out = new Set(sampled.filter((_, i) => (sampled.length - 1 - i) % 2 === 1))
  return thinned(
    frames.map((frame) => (out.has(frame) ? { ...frame, sample: null } : frame)),
    bytes,
  )
}
