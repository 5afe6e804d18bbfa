import { expect, it } from 'vitest'
import type { Frame, Sample } from '../core/recorded'
import { thinned } from './thinned'
import { withFrame } from './withFrame'

const halves = new Uint16Array(10)
const sample: Sample = { value: halves, importance: halves, peak: halves, noise: halves, code: new Uint8Array(10) }
const none = { kept: 0, cut: 0 }
const frame = (step: number): Frame => ({
  step,
  changes: new Uint8Array(10),
  whole: step === 1,
  cut: 0,
  back: 0,
  kept: [1],
  classes: { ordinary: none, temporary: none, sentinel: none },
  sample,
})
const sampled = (frames: readonly Frame[]) => frames.filter((f) => f.sample).map(({ step }) => step)

it('leaves numbers of every second frame out until the rest has room; masks stay, and the last numbers', () => {
  // A frame takes 10 + 4 x 20 + 10 = 100 bytes, without its sample 10.
  const frames = [1, 2, 3, 4, 5, 6].map(frame)
  expect(thinned(frames, 600)).toBe(frames)
  expect(sampled(thinned(frames, 599))).toEqual([2, 4, 6])
  expect(sampled(thinned(frames, 329))).toEqual([2, 6])
  expect(sampled(thinned(frames, 0))).toEqual([6])
  expect(thinned(frames, 0)).toHaveLength(6)
})

it('a run that goes back to an earlier step makes the frames from there on anew', () => {
  const frames = [1, 5, 9].map(frame)
  expect(withFrame(frames, frame(5)).map(({ step }) => step)).toEqual([1, 5])
  expect(sampled(withFrame(frames, frame(12), 250))).toEqual([5, 12])
})
