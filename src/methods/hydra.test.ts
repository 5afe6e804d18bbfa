import { describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import type { CpuArena } from '../engine/twin/cpuArena'
import type { Executor } from '../engine/executor/executor'
import { smallMlp, testSession } from '../engine/testing'
import { expectScores, handWorked, maskOf } from './testing/handWorked'
import { hydra } from './hydra'
import { defaults } from '../core/knob'

const matrices = [{ shape: [2, 2] }, { shape: [4, 1] }] as const
const weights = [1, -2, 0.5, 4, 8, 2, -1, 6]

describe('HYDRA', () => {
  it('starts as magnitude of each layer, learns scores in its search alone, and keeps them after it', async () => {
    // 4 steps: one of weights, two of scores, one of what is kept.
    const [trained, first, second, tuned] = await handWorked({
      method: 'hydra',
      knobs: { sparsity: 0.5, pretrain: 0.25, search: 0.5, rate: 0.1, momentum: 0.9 },
      matrices,
      weights,
      // A gradient before the search moves no score.
      steps: [
        { grads: [9, 9, 9, 9, 9, 9, 9, 9] },
        { grads: [-6, 0, 0, 0, 0, 0, 2, 0] },
        { grads: [0, 0, 0, 0, 0, 0, 0, 0] },
        { grads: [9, 9, 9, 9, 9, 9, 9, 9] },
      ],
    })
    // sqrt(6 / 2) = 1.7320508 times w / 4, and sqrt(6 / 4) = 1.2247449 times w / 8, without their signs.
    const start = [0.4330127, 0.8660254, 0.2165064, 1.7320508, 1.2247449, 0.3061862, 0.1530931, 0.9185587]
    expectScores(trained!.scores, start)
    expect(trained!.mask).toEqual([0, 1, 0, 1, 1, 0, 0, 1])
    // v = g w sign(S): -6 * 1 * 1 = -6, and 2 * -1 * -1 = 2, whose S is negative: -0.1530931 - 0.1 * 2.
    expectScores(first!.scores, [1.0330127, ...start.slice(1, 6), 0.3530931, start[7]!])
    // Weight 0 was pruned, had a gradient, and comes back for weight 1.
    expect(first!.mask).toEqual([1, 0, 0, 1, 1, 0, 0, 1])
    // Half of the search is over, and so is half of the rate; 0.9 of the velocities: 0.1 * 0.5 * 5.4 = 0.27, 0.1 * 0.5
    // * 1.8 = 0.09.
    expectScores(second!.scores, [1.3030127, ...start.slice(1, 6), 0.4430931, start[7]!])
    expect(tuned!.event).toBe(false)
    expectScores(tuned!.scores, second!.scores)
    expect(tuned!.mask).toEqual(second!.mask)
    // Latent: no weight lost its value.
    expect(tuned!.weights).toEqual(weights)
  })

  it('cuts once by magnitude where it does not search, before training where it does not train first', async () => {
    const [only] = await handWorked({
      method: 'hydra',
      knobs: { sparsity: 0.5, pretrain: 0.5, search: 0 },
      matrices,
      weights,
      steps: [{}],
      trainingSteps: 2,
    })
    expect([only!.event, only!.mask]).toEqual([true, [0, 1, 0, 1, 1, 0, 0, 1]])
    const [before] = await handWorked({
      method: 'hydra',
      knobs: { sparsity: 0.5, pretrain: 0, search: 0 },
      matrices,
      weights,
      steps: [{}],
      trainingSteps: 2,
    })
    expect([before!.event, before!.mask]).toEqual([false, [0, 1, 0, 1, 1, 0, 0, 1]])
  })

  it('freezes weights in its search alone', () => {
    const plan = hydra.plan({ ...defaults(hydra.knobs), pretrain: 0.4, search: 0.3 }, 10)
    const steps = Array.from({ length: 10 }, (_, t) => t)
    expect(steps.map((t) => plan.course!.pace!(t).weights)).toEqual([1, 1, 1, 1, 0, 0, 0, 1, 1, 1])
    expect(steps.map((t) => plan.course!.clock!.passed(t))).toEqual([0, 1, 2, 3, 4, 4, 4, 4, 5, 6])
    expect(plan.course!.clock!.steps).toBe(7)
    expect(steps.map((t) => Number(plan.course!.phase!(t).toFixed(3)))).toEqual([
      0, 0.25, 0.5, 0.75, 1, 1.333, 1.667, 2, 2, 2,
    ])
    expect(steps.map((t) => plan.training(t) !== undefined)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('fine-tunes with fresh moments, and where it does not search goes on with its own', async () => {
    // Searches from step 8 to 14 of 20. AdamW's first step: m = (1 - 0.9) g, and one of at most the rate, whatever came
    // before.
    const { session } = await testSession(
      {
        ...smallMlp,
        method: 'hydra',
        'method.pretrain': 0.4,
        'method.search': 0.3,
        'training.weightDecay': 0,
        'training.clip': 0,
        'training.schedule': 'constant',
      },
      'cpu',
    )
    const {
      arena,
      layout: { gatesFrom },
    } = session.executor as Executor & { readonly arena: CpuArena }
    while (session.step < 14) {
      await session.advance(14 - session.step)
      await session.settle()
    }
    const before = arena.weights.slice()
    await session.advance(1)
    await session.settle()
    const { rate } = session.metrics[14]!
    const kept = Array.from({ length: gatesFrom }, (_, i) => i).filter(
      (i) => i >= arena.mask.length * 32 || bit(arena.mask, i),
    )
    for (const i of kept) expect(arena.moment1[i]).toBeCloseTo(0.1 * arena.grads[i]!, 6)
    const moved = kept.map((i) => Math.abs(arena.weights[i]! - before[i]!))
    expect(Math.max(...moved)).toBeLessThan(rate * 1.001)
    expect(Math.max(...moved)).toBeGreaterThan(rate * 0.99)
    session.dispose()
    const plan = (search: number) => hydra.plan({ ...defaults(hydra.knobs), pretrain: 0.4, search }, 20)
    expect([0.3, 0, 0.6].map((search) => plan(search).course?.momentsFrom)).toEqual([[14], undefined, undefined])
  })

  it.each(['webgpu', 'wasm'] as const)(
    'leaves every parameter as it is while it searches, and prunes as magnitude at first, on %s',
    async (backend) => {
      const { session } = await testSession(
        {
          data: 'shapes',
          'data.train': 96,
          'data.held': 64,
          'data.size': 8,
          model: 'mlp',
          'model.width': 4,
          'training.steps': 20,
          'training.batch': 8,
          'training.warmup': 2,
          'training.evaluateEvery': 0,
          'training.weightDecay': 0.5,
          'training.watchedCuts': 0,
          method: 'hydra',
          'method.pretrain': 0.4,
          'method.search': 0.3,
          'method.rate': 10,
        },
        backend,
      )
      const { executor } = session
      const { offset, size } = executor.layout.prunable[0]!
      while (session.step < 8) {
        await session.advance(8 - session.step)
        await session.settle()
      }
      const [before, first] = [await executor.weights(), maskOf(executor.layout, await executor.mask())]
      const magnitudes = Array.from(before.subarray(offset, offset + size), Math.abs)
      // One weight in ten of the 768 is kept: 77.
      const threshold = [...magnitudes].sort((a, b) => b - a)[76]!
      expect(first).toEqual(magnitudes.map((m) => Number(m >= threshold)))
      while (session.step < 14) {
        await session.advance(14 - session.step)
        await session.settle()
      }
      expect(await executor.weights()).toEqual(before)
      expect(maskOf(executor.layout, await executor.mask())).not.toEqual(first)
      while (!session.finished) {
        await session.advance(20)
        await session.settle()
      }
      const after = await executor.weights()
      const mask = maskOf(executor.layout, await executor.mask())
      expect(mask.reduce((a, b) => a + b, 0)).toBe(77)
      // What is kept trains again; what is pruned keeps the value that it had.
      expect(mask.some((kept, i) => kept === 1 && after[offset + i] !== before[offset + i])).toBe(true)
      expect(mask.every((kept, i) => kept === 1 || after[offset + i] === before[offset + i])).toBe(true)
      session.dispose()
    },
  )
})
