import { expect, it } from 'vitest'
import { deflated } from '../core/deflated'
import type { Frame } from '../core/recorded'
import { changedSteps } from './changedSteps'

const none = { kept: 0, cut: 0 }
const classes = { ordinary: none, temporary: none, sentinel: none }
const frame = async (step: number, changes: number, whole = false): Promise<Frame> => ({
  ...{ step, whole, cut: 0, back: 0, kept: [], classes, sample: null },
  changes: await deflated([Uint32Array.of(changes, 0)]),
})

it('says of each weight when it was cut or came back last', async () => {
  const matrices = [{ name: 'a', shape: [2, 2], offset: 0, size: 4 }]
  // The first weight is cut at 5; the second one at 5, and is back at 8; the third one at 9, after a lost device.
  const frames = [await frame(1, 0, true), await frame(5, 0b0011), await frame(8, 0b0010), await frame(9, 0b0101, true)]
  const { steps, mask } = await changedSteps({ matrices, frames })
  expect([...steps.subarray(0, 4)]).toEqual([5, 8, 9, NaN])
  expect([steps.length, mask[0]]).toEqual([64, 0b1010])
  // Since the last frame the fourth one was cut, too.
  const later = await changedSteps({ matrices, frames }, { mask: Uint32Array.of(0b0010, 0), step: 12 })
  expect([...later.steps.subarray(0, 4)]).toEqual([5, 8, 9, 12])
  const nothing = await changedSteps({ matrices, frames: [] })
  expect([new Set(nothing.steps), nothing.mask[0]]).toEqual([new Set([NaN]), 0b1111])
})
