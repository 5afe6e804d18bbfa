import { describe, expect, it } from 'vitest'
import { defaults } from '../core/knob'
import { smallMlp, testSession } from '../engine/testing'
import { stability } from './stability'
import { handWorked } from './testing/handWorked'

// Four steps, window of all of them, two cuts: after step 0 a quarter of four weights goes, after step 3 half.
const run = {
  method: 'stability',
  knobs: { sparsity: 0.5, begin: 0, end: 1, cuts: 2 },
  weights: [4, -1, 3, -2],
  steps: [{}, {}, { weights: [4, 0, -1, 2] }, {}],
}

function events(knobs: Partial<ReturnType<typeof values>>, steps: number): (readonly [number, number])[] {
  const plan = stability.plan({ ...values(), ...knobs }, steps)
  return Array.from({ length: steps }, (_, t) => t).flatMap((t) =>
    plan.training(t) === undefined ? [] : [[t, Number(plan.training(t)!.toFixed(9))] as const],
  )
}

const values = () => defaults(stability.knobs)

describe('generalization stability', () => {
  it('smallest first: 1 goes, then 1 of 4, 1, 2', async () => {
    const found = await handWorked(run)
    expect(found.map(({ event }) => event)).toEqual([true, false, false, true])
    expect([found[0]!.mask, found[3]!.mask]).toEqual([
      [1, 0, 1, 1],
      [1, 0, 0, 1],
    ])
  })

  it('largest first: 4 goes, then 2 of 0, 1, 2', async () => {
    const found = await handWorked({
      ...run,
      knobs: { ...run.knobs, order: 'largest' },
      steps: [{}, {}, { weights: [0, 0, -1, 2] }, {}],
    })
    expect([found[0]!.scores, found[0]!.mask, found[3]!.mask]).toEqual([
      [-4, -1, -3, -2],
      [0, 1, 1, 1],
      [0, 1, 1, 0],
    ])
  })

  it('random: as many, by lot, another lot at each cut', async () => {
    const found = await handWorked({ ...run, knobs: { ...run.knobs, order: 'random' } })
    expect([found[0]!.mask, found[3]!.mask].map((mask) => mask.reduce((a, b) => a + b))).toEqual([3, 2])
    found[3]!.mask.forEach((kept, i) => {
      expect(kept).toBeLessThanOrEqual(found[0]!.mask[i]!)
    })
    expect(found[3]!.scores).not.toEqual(found[0]!.scores)
  })

  it('cuts in equal parts, the last at the end of the window', () => {
    // 20 steps, window 0.2 to 0.75: steps 4 to 14; three cuts after 4, 9 and 14, to 0.2, 0.4 and 0.6.
    expect(events({ sparsity: 0.6, cuts: 3 }, 20)).toEqual([
      [4, 0.2],
      [9, 0.4],
      [14, 0.6],
    ])
    expect(events({ sparsity: 0.6, cuts: 1 }, 20)).toEqual([[14, 0.6]])
    // Only as many as there are steps: window 0 to 1 of two steps.
    expect(events({ sparsity: 0.6, cuts: 9, begin: 0, end: 1 }, 2)).toEqual([
      [0, 0.3],
      [1, 0.6],
    ])
  })

  it('noise only: each share for a while, or until just before the next; dense at the end', () => {
    // 21 steps leave room for one after the last cut: 20 in which cuts may fall, so 4, 9 and 14 again, of 0.2 each.
    expect(events({ sparsity: 0.6, cuts: 3, restore: true, hold: 2 }, 21)).toEqual([
      [4, 0.2],
      [6, 0],
      [9, 0.2],
      [11, 0],
      [14, 0.2],
      [16, 0],
    ])
    expect(events({ sparsity: 0.6, cuts: 3, restore: true, hold: 99 }, 21)).toEqual([
      [4, 0.2],
      [8, 0],
      [9, 0.2],
      [13, 0],
      [14, 0.2],
      [20, 0],
    ])
    for (const steps of [1, 2, 3, 10])
      for (const cuts of [1, 2, 100])
        expect(events({ cuts, restore: true, begin: 0, end: 1 }, steps).at(-1)?.[1] ?? 0).toBe(0)
  })

  it.each(['webgpu', 'cpu'] as const)(
    'noise only: weights count as 0, and come back with the values that they had, on %s',
    async (backend) => {
      const { session } = await testSession(
        {
          ...smallMlp,
          method: 'stability',
          'method.restore': true,
          'method.hold': 3,
          'method.cuts': 1,
          'method.end': 0.5,
          'training.steps': 20,
          'training.weightDecay': 0,
        },
        backend,
      )
      const to = async (step: number) => {
        while (session.step < step) await session.advance(1).then(() => session.settle())
        return {
          weights: (await session.executor.weights()).slice(),
          mask: (await session.executor.mask()).slice(),
          read: await session.tensors(),
        }
      }
      // 19 steps in which the cut may fall, window 0.2 to 0.5: after step 8; back after step 11.
      const [before, zeroed, back] = [await to(9), await to(11), await to(12)]
      const at = Array.from({ length: session.executor.layout.prunable[0]!.size }, (_, i) => i)
      const gone = at.filter((i) => !((before.mask[i >>> 5]! >>> (i & 31)) & 1))
      expect(gone.length).toBeGreaterThan(10)
      expect(gone.every((i) => zeroed.read[0]!.values[i] === 0)).toBe(true)
      expect(gone.map((i) => back.weights[i])).toEqual(gone.map((i) => before.weights[i]))
      expect(gone.some((i) => before.weights[i] !== 0)).toBe(true)
      expect(zeroed.weights).not.toEqual(before.weights)
      expect((await session.run(new AbortController().signal)).kept).toBe(session.opened.prunable)
      session.dispose()
    },
  )
})
