import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import { smallMlp, testSession } from '../engine/testing'
import { expectClose } from '../gpu/testing'
import { openTensorFile, readTrace } from '../cli/trace'
import { experimentWith, flat, handWorked } from './testing/handWorked'
import { replayOnGpu } from './testing/gpuReplay'

describe('SR-STE', () => {
  it('starts with the N largest of M, and what is outside the mask competes with what it has learnt', async () => {
    const [first, last] = await handWorked({
      method: 'srSte',
      knobs: { n: 1, m: 2 },
      weights: [3, 1, -2, 4],
      steps: [{ weights: [3, 2.5, -2, 4] }, { weights: [2, 2.5, -5, 4] }],
      trainingSteps: 3,
    })
    expect([first!.mask, last!.mask]).toEqual([
      [1, 0, 0, 1],
      [0, 1, 1, 0],
    ])
    expect(last!.weights).toEqual([2, 2.5, -5, 4])
  })

  it('has the velocity of PyTorch, pull included, at every step', async () => {
    const file = openTensorFile(join(import.meta.dirname, 'golden', 'srSte.safetensors'))
    afterAll(() => file.close())
    const { knobs } = file.metadata as { knobs: string }
    const experiment = experimentWith('srSte', JSON.parse(knobs) as Record<string, number>)
    const trace = readTrace(file)
    const { layout, initial, steps } = trace
    const recorded = Array.from({ length: steps }, (_, t) => ({
      weights: trace.read(t, 'w'),
      grads: trace.read(t, 'g'),
    }))
    const made = await replayOnGpu({ experiment, layout, initial, steps }, recorded)
    made.forEach(({ moment1 }, t) => {
      const expected = flat(layout, trace.read(t, 'velocity'))
      expectClose(`velocity of step ${t}`, flat(layout, moment1), expected, { absolute: 1e-6, relative: 1e-5 })
    })
    expect(made).toHaveLength(12)
  })

  it.each(['webgpu', 'cpu'] as const)(
    'pulls what is outside the mask by rate times pull a step, and nothing else, on %s',
    async (backend) => {
      const moved = async (pull: number) => {
        const settings = { ...smallMlp, 'training.optimizer': 'sgd', 'training.weightDecay': 0, 'training.warmup': 0 }
        const { session } = await testSession({ ...settings, method: 'srSte', 'method.pull': pull }, backend)
        const before = await session.executor.weights()
        await session.advance(1)
        await session.settle()
        const after = await session.executor.weights()
        const { layout } = session.executor
        session.dispose()
        return { before, after, layout }
      }
      const [weak, strong] = [await moved(1e-6), await moved(1)]
      const { offset, shape } = strong.layout.prunable[0]!
      const [inputs = 0, outputs = 0] = shape
      let rate = 0
      for (let output = 0; output < outputs; output++)
        for (let group = 0; group < inputs; group += 4) {
          const places = [0, 1, 2, 3].map((k) => offset + (group + k) * outputs + output)
          const bySize = places.sort((a, b) => Math.abs(strong.before[b]!) - Math.abs(strong.before[a]!))
          const pulls = bySize.map((i) => weak.after[i]! - strong.after[i]!)
          expect(pulls.slice(0, 2)).toEqual([0, 0])
          rate ||= pulls[2]! / strong.before[bySize[2]!]!
          for (const k of [2, 3]) expect(pulls[k]).toBeCloseTo(rate * strong.before[bySize[k]!]!, 6)
        }
      expect(rate).toBeGreaterThan(1e-3)
    },
  )

  it("brings the mask to rest, as the paper's ablation says: a stronger pull, fewer changes", async () => {
    const changes = async (pull: number) => {
      const { session } = await testSession(
        {
          ...smallMlp,
          'training.steps': 40,
          method: 'srSte',
          'method.pull': pull,
          'training.optimizer': 'sgd',
          'training.rate': 0.1,
        },
        'cpu',
      )
      await session.advance(1)
      await session.settle()
      let [count, last] = [0, await session.executor.mask()]
      while (session.step < 40) {
        await session.advance(1)
        await session.settle()
        const next = await session.executor.mask()
        for (let i = 0; i < 32 * next.length; i++) if (bit(next, i) !== bit(last, i)) count++
        last = next
      }
      session.dispose()
      return count
    }
    const [plain, pulled] = [await changes(1e-6), await changes(1)]
    expect(plain).toBeGreaterThan(100)
    expect(pulled).toBeLessThan(plain * 0.8)
  })
})
