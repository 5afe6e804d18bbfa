import { describe, expect, it } from 'vitest'
import type { CpuArena } from '../engine/twin/cpuArena'
import type { Executor } from '../engine/executor/executor'
import { smallMlp, testSession } from '../engine/testing'
import type { Matrix } from './testing/handWorked'
import { expectScores, handWorked } from './testing/handWorked'

/** Cuts after every step of two, to 0.5 (1 - 1/8) = 0.4375 and to 0.5: two of four weights both times. */
const twice = { sparsity: 0.5, begin: 0, end: 1, every: 1 }

describe('magnitude', () => {
  it('cuts once, ties to the lower index', async () => {
    // The cut is after step floor(0.5 * 2) - 1 = 0.
    const [first, last] = await handWorked({
      method: 'magnitude',
      knobs: { sparsity: 0.5, schedule: 'once', at: 0.5 },
      weights: [1, -3, 2, -2],
      steps: [{}, {}],
    })
    expectScores(first!.scores, [1, 3, 2, 2])
    expect([first!.event, first!.mask, first!.weights]).toEqual([true, [0, 1, 1, 0], [0, -3, 2, 0]])
    expect([last!.event, last!.mask]).toEqual([false, [0, 1, 1, 0]])
  })

  it('on a ramp cuts for good', async () => {
    // 0.75 (1 - (3/4)^3) = 0.434, 0.656, 0.738, 0.75: keeps 2, 1, 1, 1 of 4.
    const ramp = await handWorked({
      method: 'magnitude',
      knobs: { sparsity: 0.75, begin: 0, end: 1, every: 1 },
      weights: [1, 2, 3, 4],
      steps: [{}, { weights: [9, 9, 2, 1] }, {}, { weights: [9, 9, 1, 9] }],
    })
    expect(ramp.map(({ mask }) => mask)).toEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 0],
      [0, 0, 1, 0],
      [0, 0, 1, 0],
    ])
    expectScores(ramp[1]!.scores, [NaN, NaN, 2, 1])
  })

  const matrices: Matrix[] = [{ shape: [2, 2] }, { shape: [2, 4] }]
  const weights = [1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 17, 18]
  it.each([
    // Three go, the smallest of all.
    ['global', 0.25, [1, 8]],
    // 3 of 4 and 6 of 8.
    ['layer', 0.25, [3, 6]],
    // In and out over size: 4/4 and 6/8; e = 9 / (4 * 1 + 8 * 0.75) = 0.9; 3.6 and 5.4, and the odd one goes to the
    // larger remainder.
    ['erk', 0.25, [4, 5]],
    // q^2 + q with q = 2 and 1: 6 and 2; e = 6 / (4 * 6 + 8 * 2) = 0.15; 3.6 and 2.4.
    ['smart', 0.5, [4, 2]],
  ])('shares its budget by scope: %s at %f', async (scope, sparsity, [first = 0, second = 0]) => {
    const [only] = await handWorked({
      method: 'magnitude',
      knobs: { sparsity, scope, schedule: 'once', at: 1 },
      matrices,
      weights,
      steps: [{}],
    })
    expect(only!.mask).toEqual(
      [0, 1, 2, 3]
        .map((i) => Number(i >= 4 - first))
        .concat([0, 1, 2, 3, 4, 5, 6, 7].map((i) => Number(i >= 8 - second))),
    )
  })
})

describe('dynamic pruning with feedback', () => {
  it('ranks latent values: what learns on while it is pruned comes back with what it learned', async () => {
    const [first, last] = await handWorked({
      method: 'feedback',
      knobs: twice,
      weights: [4, 3, 2, 1],
      steps: [{}, { weights: [4, 1, 2, 5] }],
    })
    expect([first!.mask, first!.weights]).toEqual([
      [1, 1, 0, 0],
      [4, 3, 2, 1],
    ])
    expectScores(last!.scores, [4, 1, 2, 5])
    expect([last!.mask, last!.weights]).toEqual([
      [1, 0, 0, 1],
      [4, 1, 2, 5],
    ])
  })
})

describe('dynamic mask with momentum', () => {
  it('lets a pruned weight compete with what one step of its velocity makes of it, and start from there', async () => {
    // Velocities 10, then 10/2 + 10 = 15; 2, then 3; times the rate 0.1: 0 - 1.5 and 0 - 0.3.
    const [first, last] = await handWorked({
      method: 'dynamicMask',
      knobs: { ...twice, beta: 0.5 },
      weights: [4, 3, 2, 1],
      steps: [{ grads: [0, 0, 10, 2], rate: 0.1 }, { weights: [4, 1, 0, 0] }],
    })
    expect(first!.mask).toEqual([1, 1, 0, 0])
    expectScores(last!.scores, [4, 1, 1.5, 0.3])
    expect([last!.mask, last!.weights]).toEqual([
      [1, 0, 1, 0],
      [4, 0, -1.5, 0],
    ])
  })
})

describe('AC/DC', () => {
  it('is sparse, dense and sparse again; what was cut grows from 0 and may stay', async () => {
    // Begin floor(0.25 * 8) = 2, last phase from floor(0.75 * 8) = 6, one dense phase between, from 4.
    const run = await handWorked({
      method: 'acdc',
      knobs: { sparsity: 0.5, begin: 0.25, last: 0.25, phases: 2 },
      weights: [4, 3, 2, 1],
      steps: [{}, {}, {}, {}, { weights: [4, 3, 0, 0] }, {}, { weights: [1, 2, 3, 4] }, {}],
    })
    expect(run.map(({ event }) => Number(event))).toEqual([0, 0, 1, 0, 1, 0, 1, 0])
    expect([run[2]!.mask, run[2]!.weights]).toEqual([
      [1, 1, 0, 0],
      [4, 3, 0, 0],
    ])
    expect([run[4]!.mask, run[4]!.weights]).toEqual([
      [1, 1, 1, 1],
      [4, 3, 0, 0],
    ])
    expect([run[6]!.mask, run[7]!.weights]).toEqual([
      [0, 0, 1, 1],
      [0, 0, 3, 4],
    ])
  })

  it('begins every dense phase with fresh moments, and no other', async () => {
    // Of 20 steps: cuts after 4, 10 and 16, dense again after 7 and 13.
    const settings = {
      ...smallMlp,
      method: 'acdc',
      'method.begin': 0.2,
      'method.last': 0.2,
      'method.phases': 3,
      'training.watchedCuts': 0,
      'training.clip': 0,
    }
    const { session } = await testSession(settings, 'cpu')
    const { arena } = session.executor as Executor & { readonly arena: CpuArena }
    const fresh: number[] = []
    while (!session.finished) {
      await session.advance(1)
      await session.settle()
      // Adam's first moment is 0.9 of the one before it and 0.1 of the gradient; a bias is never pruned.
      const { offset } = session.executor.layout.tensors.find(({ name }) => name === 'head/bias')!
      if (Math.abs(arena.moment1[offset]! - 0.1 * arena.grads[offset]!) < 1e-7) fresh.push(session.step - 1)
    }
    session.dispose()
    expect(fresh).toEqual([0, 8, 14])
  })
})

describe('PLATON', () => {
  it('multiplies the mean of |w g| over windows by its spread; pruned weights train on and return', async () => {
    // |w g| of the first window: 4 2 2 2, 4 0 2 6; means 4 1 2 4. Mean and spread from 0, both by halves: 2 0.5 1 2 and
    // 1 0.25 0.5 1. Second window: the cut weights are 0 at step 2, then 3: 0 12 3 0; means 0 6 1.5 0. Mean 1 3.25 1.25
    // 1, spread 1 1.5 0.375 1.
    const run = await handWorked({
      method: 'platon',
      knobs: { ...twice, every: 2, beta1: 0.5, beta2: 0.5 },
      weights: [1, 1, 2, 2],
      steps: [
        { grads: [4, 2, 1, 1] },
        { grads: [4, 0, 1, 3] },
        { weights: [1, 3, 3, 2], grads: [0, 8, 8, 0] },
        { grads: [0, 4, 1, 0] },
      ],
    })
    expect(run.map(({ event }) => event)).toEqual([false, true, false, true])
    expectScores(run[1]!.scores, [2, 0.125, 0.5, 2])
    expect([run[1]!.mask, run[1]!.weights]).toEqual([
      [1, 0, 0, 1],
      [1, 0, 0, 2],
    ])
    expectScores(run[3]!.scores, [1, 4.875, 0.46875, 1])
    expect([run[3]!.mask, run[3]!.weights]).toEqual([
      [1, 1, 0, 0],
      [1, 3, 0, 0],
    ])
  })

  it('ranks by the mean of |w g| so far where masks change before the first window has ended', async () => {
    // The ramp ends at step 1, the window at step 3. |w g| 1 4 2 6, 1 2 0 4, 0 1 0 0 and 0 2 0 2; sums over 4: 2 6 2
    // 10, then 2 7 2 10. At its end 2 9 2 12 over 4: by halves, mean 0.25 1.125 0.25 1.5, spread 0.125 0.5625 0.125
    // 0.75.
    const run = await handWorked({
      method: 'platon',
      knobs: { sparsity: 0.5, begin: 0, end: 0.5, every: 4, beta1: 0.5, beta2: 0.5 },
      weights: [1, 1, 2, 2],
      steps: [{ grads: [1, 4, 1, 3] }, { grads: [1, 2, 0, 2] }, { grads: [4, 1, 0, 0] }, { grads: [0, 2, 0, 1] }],
    })
    expect(run.map(({ event }) => event)).toEqual([false, true, true, true])
    expectScores(run[1]!.scores, [0.5, 1.5, 0.5, 2.5])
    expectScores(run[2]!.scores, [0.5, 1.75, 0.5, 2.5])
    expectScores(run[3]!.scores, [0.03125, 0.6328125, 0.03125, 1.125])
    expect(run.slice(1).map(({ mask }) => mask)).toEqual([
      [0, 1, 0, 1],
      [0, 1, 0, 1],
      [0, 1, 0, 1],
    ])
  })
})

describe('gRDA', () => {
  it('shrinks the sum of gradients by a threshold that grows with steps and rates; weights leave 0', async () => {
    // Rates 100 * 0.04 = 4 and 100 * 0.01 = 1, mu = 1, so that c rate^1.5 (n - (n - 1)) is 0.01 * 8 = 0.08, then 0.01 *
    // 1 more: 0.09. v: 1 - 4 * 0.125, -1 - 4 * 0.125, 0.05, 0.5 - 4 * 0.11 = 0.06; then 0.5 - 0.45 = 0.05, -1.5, 0.05,
    // 0.06 + 0.3.
    const [first, last] = await handWorked({
      method: 'grda',
      knobs: { c: 0.01, mu: 1, factor: 100, every: 1 },
      weights: [1, -1, 0.05, 0.5],
      steps: [
        { weights: [0.42, -1.42, 0, 0], grads: [0.125, 0.125, 0, 0.11], rate: 0.04 },
        { weights: [0, -1.41, 0, 0.27], grads: [0.45, 0, 0, -0.3], rate: 0.01 },
      ],
    })
    expectScores(first!.weights, [0.42, -1.42, 0, 0])
    expect(first!.mask).toEqual([1, 1, 0, 0])
    expectScores(last!.weights, [0, -1.41, 0, 0.27])
    expect(last!.mask).toEqual([0, 1, 0, 1])
  })

  it('raises the threshold with the step to the power of mu', async () => {
    // Rate 1 and c = 1, no gradient: v stays, and after step n it has lost n^0.75, after the 16th 8.
    const weights = [9, -10, 7.5, 0]
    const left = (n: number) => weights.map((v) => Math.sign(v) * Math.max(Math.abs(v) - n ** 0.75, 0))
    const steps = Array.from({ length: 16 }, (_, i) => ({ weights: left(i + 1), rate: 0.01 }))
    const run = await handWorked({ method: 'grda', knobs: { c: 1, mu: 0.75, factor: 100, every: 1 }, weights, steps })
    expectScores(run.at(-1)!.weights, [1, -2, 0, 0])
  })
})
