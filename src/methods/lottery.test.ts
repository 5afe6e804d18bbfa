import { describe, expect, it } from 'vitest'
import { shuffledMask } from '../engine/cuts/tickets'
import { defaults } from '../core/knob'
import { lottery } from './lottery'
import { handWorked, layoutOf, maskOf } from './testing/handWorked'

// Six steps of three trainings, cuts after steps 1 and 3: density 0.25^(1/2) = 0.5, then 0.25: two of four, then one.
const run = {
  method: 'lottery',
  knobs: { sparsity: 0.75, rounds: 2, share: 0 },
  weights: [1, 4, -3, 2],
  steps: [{}, {}, { weights: [9, 1, 5, 9] }, {}, {}, {}],
}

describe('lottery ticket', () => {
  it('cuts the smallest of what is left at the end of each training but the last', async () => {
    const found = await handWorked(run)
    expect(found.map(({ event }) => event)).toEqual([false, true, false, true, false, false])
    expect([found[1]!.mask, found[3]!.mask, found[5]!.mask]).toEqual([
      [0, 1, 1, 0],
      [0, 0, 1, 0],
      [0, 0, 1, 0],
    ])
  })

  it('as a control trains the last time with as many weights at other places', async () => {
    const found = await handWorked({ ...run, seed: 2, knobs: { ...run.knobs, control: 'shuffled' } })
    expect(found[3]!.mask).toEqual([0, 0, 1, 0])
    expect(found[4]!.mask.reduce((a, b) => a + b)).toBe(1)
    // The order of seed 2 is not the identity at this place.
    const layout = layoutOf([{ shape: [4, 1] }])
    expect(found[4]!.mask).toEqual(maskOf(layout, shuffledMask(Uint32Array.of(0b0100, 0), layout, 2)))
    expect(found[4]!.mask).not.toEqual([0, 0, 1, 0])
  })

  it.each([
    ['weights', false],
    ['reinitialise', false],
    ['rate', true],
    ['fineTune', true],
  ] as const)('rewind %s: refuses a shuffled mask: %s', (rewind, refused) => {
    const values = { ...defaults(lottery.knobs), rewind }
    expect(lottery.refuses?.({ ...values, control: 'shuffled' }) !== undefined).toBe(refused)
    expect(lottery.refuses?.(values)).toBeUndefined()
  })
})
