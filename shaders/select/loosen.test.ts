import { expect, test } from 'vitest'
import { runKernel } from '../../src/gpu/testing'
import { loosen as text } from '..'
import { bitsOf } from '../fixtures'
import { limitStruct, loosen } from './loosen'
import { atLeast, rankKey } from './select'

const key = (score: number) => rankKey(bitsOf([score])[0]!)

/** Three groups that keep down to 0.9, 0.5 and 0.1, with ties admitted up to index 7. */
const thresholds = () => Uint32Array.of(key(0.9), 7, key(0.5), 7, key(0.1), 7)

test.each(['kernel', 'twin'])('%s: a limit of 0.5 admits what scores above it, and never takes away', async (kind) => {
  let after = thresholds()
  if (kind === 'twin') loosen(after, 0.5)
  else
    after = (await runKernel(text, { limit: limitStruct.write({ score: 0.5 }), thresholds: after }, [1, 1, 1]))
      .thresholds
  const keeps = (score: number, index: number, group: number) => atLeast(key(score), index, after, group)
  // First group: 0.6 is let in although it kept down to 0.9 only; 0.5 itself is not above the limit.
  expect([keeps(0.6, 9, 0), keeps(0.5, 0, 0)]).toEqual([true, false])
  // Second: ties at 0.5 up to index 7 stay, later ones stay out; 0.51 is in whatever its index.
  expect([keeps(0.5, 7, 1), keeps(0.5, 8, 1), keeps(0.51, 99, 1)]).toEqual([true, false, true])
  // Third already keeps more.
  expect([keeps(0.1, 7, 2), keeps(0.1, 8, 2)]).toEqual([true, false])
})
