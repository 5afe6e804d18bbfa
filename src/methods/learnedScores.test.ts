import { describe, expect, it } from 'vitest'
import { streams, uniform } from '../core/random'
import { smallMlp, testSession } from '../engine/testing'
import { expectClose } from '../gpu/testing'
import { expectScores, handWorked } from './testing/handWorked'

/** In float32, 1 - 0.999 is off by 5e-5, and half of that is left in the root. */
const tolerance = 1e-4

describe('movement pruning, hard', () => {
  // g w: -1, 1, 2, 0; then 0, -4, 0, 0.
  const moving = { weights: [1, -1, 2, 0], steps: [{ grads: [-1, -1, 1, 5] }, { grads: [0, 4, 0, 7] }] }
  const knobs = { sparsity: 0.5, begin: 0, end: 1, every: 1 }

  it(
    'S falls by g w, the largest signed S stay, a weight of 0 has S = 0, '
      + 'and what was pruned comes back with its value',
    async () => {
      const [first, last] = await handWorked({
        method: 'movement',
        knobs: { ...knobs, rate: 0.1, adam: false },
        ...moving,
      })
      // Sparsity 0.5 (1 - 1/8) = 0.4375 already leaves two of four.
      expectScores(first!.scores, [0.1, -0.1, -0.2, 0])
      expect(first!.mask).toEqual([1, 0, 0, 1])
      expectScores(last!.scores, [0.1, 0.3, -0.2, 0])
      expect(last!.mask).toEqual([1, 1, 0, 0])
      expect(last!.weights).toEqual([1, -1, 2, 0])
    },
  )

  it('with Adam the first move has the size of the rate', async () => {
    const [first] = await handWorked({ method: 'movement', knobs: { ...knobs, rate: 0.1 }, ...moving, tolerance })
    expectScores(first!.scores, [0.1, -0.1, -0.1, 0])
  })
})

describe.each(['movement', 'softMovement'])('%s with clipped scores', (method) => {
  it.each(['webgpu', 'cpu'] as const)('moves a score by the factor that clips the weights, on %s', async (backend) => {
    // One step of one batch. Adam divides by the size of what it follows, so its first moment tells.
    const moved = async (clip: boolean) => {
      const { session, events } = await testSession(
        { ...smallMlp, method, 'method.begin': 0, 'method.every': 1, 'method.clip': clip, 'training.clip': 0.01 },
        backend,
      )
      await session.advance(1)
      await session.settle()
      const { own1 = new Float32Array() } = (await session.executor.save()).arrays
      const first = own1.slice(0, 700)
      session.dispose()
      const norm = events.flatMap((event) => (event.type === 'steps' ? event.steps : [])).at(0)?.gradientNorm
      return { first, norm }
    }
    const [free, clipped] = [await moved(false), await moved(true)]
    const factor = 0.01 / free.norm!
    expect(factor).toBeLessThan(0.5)
    expectClose(
      'first moments',
      clipped.first,
      free.first.map((m) => m * factor),
      { absolute: 1e-9, relative: 1e-4 },
    )
  })
})

describe('movement pruning, soft', () => {
  // Threshold of S: ln(0.25 / 0.75) = -1.0986. The penalty's slope at S = 0 is 1e-5 / 4, which Adam makes as large as
  // any other.
  const knobs = { begin: 0, end: 0.5, every: 1, threshold: 0.25, rate: 2, penalty: 1e-5 }
  const pulled = (-2 * 2.5e-6) / (2.5e-6 + 1e-8)

  it('keeps what is above the threshold, be it few or many', async () => {
    const [first] = await handWorked({
      method: 'softMovement',
      knobs,
      tolerance,
      weights: [1, -1, 2, 0],
      steps: [{ grads: [-1, -1, 1, 5] }],
      trainingSteps: 2,
    })
    expectScores(first!.scores, [2, -2, -2, pulled])
    expect(first!.mask).toEqual([1, 0, 0, 0])
    const [many] = await handWorked({
      method: 'softMovement',
      knobs,
      tolerance,
      weights: [1, 1, 2, 3],
      steps: [{ grads: [-1, 1, -1, -1] }],
      trainingSteps: 2,
    })
    expect(many!.mask).toEqual([1, 0, 1, 1])
  })

  it('leaves the highest score of a matrix whose scores are all below it', async () => {
    const [first] = await handWorked({
      method: 'softMovement',
      knobs,
      tolerance,
      weights: [1, 1, 2, 0],
      steps: [{ grads: [1, 1, 1, 1] }],
      trainingSteps: 2,
    })
    expectScores(first!.scores, [-2, -2, -2, pulled])
    expect(first!.mask).toEqual([0, 0, 0, 1])
  })
})

describe('edge-popup', () => {
  it('moves S by a velocity that gathers g w sign(S), keeps the largest |S|, and no weight ever moves', async () => {
    // S starts in +-1/sqrt(4), its size a = |u - 0.5|; s is its sign then. Velocities g w s: 50 s, -20 s, -30 s, -40 s,
    // so that a tenth of them makes of S: (a - 5) s, whose sign is -s, (a + 2) s, (a + 3) s, (a + 4) s. Half of the
    // velocity and the new g w sign(S): 25 - 10 = 15, -10 - 20 = -30, -15 + 60 = 45, -20 + 20 = 0, so that S is (a -
    // 6.5) s, (a + 5) s, (a - 1.5) s, (a + 4) s.
    const a = (i: number) => Math.abs(uniform(1, streams.method, i) - 0.5)
    const weights = [1, -2, 3, -1]
    const [first, last] = await handWorked({
      method: 'edgePopup',
      knobs: { sparsity: 0.5, rate: 0.1, momentum: 0.5 },
      weights,
      // What the optimizer proposes in the second step is not what the weights become.
      steps: [{ grads: [50, 10, -10, 40] }, { weights: [8, 8, 8, 8], grads: [10, 10, 20, -20] }],
    })
    expectScores(first!.scores, [5 - a(0), 2 + a(1), 3 + a(2), 4 + a(3)])
    expect([first!.mask, first!.weights]).toEqual([[1, 0, 0, 1], weights])
    expectScores(last!.scores, [6.5 - a(0), 5 + a(1), 1.5 - a(2), 4 + a(3)])
    expect([last!.mask, last!.weights]).toEqual([[1, 1, 0, 0], weights])
  })

  it('draws scores within one over the root of the number of inputs', async () => {
    // Two columns of 2 inputs and one of 8: bounds 0.7071 and 0.3536. Matrices begin at tiles of 64 places.
    const weights = Array.from({ length: 12 }, () => 1)
    const [first] = await handWorked({
      method: 'edgePopup',
      matrices: [{ shape: [2, 2] }, { shape: [8, 1] }],
      weights,
      steps: [{}],
    })
    const drawn = (place: number, inputs: number) =>
      Math.abs(2 * uniform(1, streams.method, place) - 1) / Math.sqrt(inputs)
    expectScores(
      first!.scores,
      weights.map((_, i) => (i < 4 ? drawn(i, 2) : drawn(64 + i - 4, 8))),
    )
  })

  it('starts from the largest |S| as they were drawn', async () => {
    const drawn = [0, 1, 2, 3, 4].map((i) => Math.abs(uniform(7, streams.method, i) - 0.5))
    const third = [...drawn].sort((a, b) => b - a)[2]!
    // Nothing is cut in the first of ten steps.
    const [first] = await handWorked({
      method: 'edgePopup',
      seed: 7,
      knobs: { sparsity: 0.4, every: 10 },
      weights: [1, 1, 1, 1, 1],
      steps: [{}],
      trainingSteps: 10,
    })
    expect(first!.mask).toEqual(drawn.map((d) => Number(d >= third)))
  })
})
