import { afterEach, describe, expect, it } from 'vitest'
import { countOnes } from '../../core/bits'
import { methods, plugin } from '../../config/registries'
import { quick } from '../../config/testing'
import { candidatesOf } from '../../core/candidates'
import { Problem } from '../../core/problem'
import type { Session } from './session'
import { smallBert, smallMlp, smallVit, testSession, untilTheEnd, type TestSession } from '../testing'

let open: Session[] = []
afterEach(() => {
  for (const session of open) session.dispose()
  open = []
})

async function opened(...args: Parameters<typeof testSession>): Promise<TestSession> {
  const made = await testSession(...args)
  open.push(made.session)
  return made
}

async function losses(
  settings: Readonly<Record<string, unknown>>,
  backend?: 'webgpu' | 'wasm' | 'cpu',
): Promise<number[]> {
  const { session } = await opened(settings, backend)
  await session.run(untilTheEnd)
  return session.metrics.map((m) => m.loss)
}

function expectClose(a: readonly number[], b: readonly number[], tolerance: number): void {
  expect(a.length).toBe(b.length)
  a.forEach((value, i) => {
    expect(Math.abs(value - (b[i] ?? NaN)), `step ${i + 1}`).toBeLessThan(tolerance)
  })
}

describe('WebGPU and the portable backends agree', () => {
  // Dropout on: its mask is a function of the seed and the step, so it is the same on every backend.
  const cases = [
    ['ViT, SEVENdyn, dropout', { ...smallVit, 'training.dropout': 0.1 }],
    [
      'ViT, class token, SNIP, SGD',
      { ...smallVit, 'model.pool': 'class', method: 'snip', 'training.optimizer': 'sgd', 'training.rate': 0.05 },
    ],
    ['BERT, SEVENpre', { ...smallBert, method: 'sevenPre', 'method.batches': 8 }],
    ['ViT, movement, latent weights', { ...smallVit, method: 'movement', 'method.begin': 0 }],
    ['MLP, FORCE, weights that come back before training', { ...smallMlp, method: 'force', 'method.rounds': 3 }],
    ['MLP, gRDA, its own optimizer', { ...smallMlp, method: 'grda' }],
    ['ViT, GraSP, dropout', { ...smallVit, method: 'grasp', 'method.batches': 2, 'training.dropout': 0.1 }],
    ['BERT, SynFlow', { ...smallBert, method: 'synflow', 'method.rounds': 10 }],
    [
      'MLP, magnitude, clipped, smoothed',
      { ...smallMlp, method: 'magnitude', 'training.clip': 0.1, 'training.labelSmoothing': 0.1 },
    ],
  ] as const
  it.each(cases)('%s: losses of 20 steps to 1e-4', async (_name, settings) => {
    expectClose(await losses(settings, 'webgpu'), await losses(settings, 'wasm'), 1e-4)
  })
})

describe.each(Object.keys(methods))('method %s in a run', (method) => {
  it(
    'cuts to exact counts, nested where the plan says so; as many weights stay as its target says, '
      + 'and what is cut is zero',
    async () => {
      const { session } = await opened({ ...smallVit, ...quick(method) })
      const { plan } = session.pruner
      const recipe = plugin('method', method)
      const nests = (plan.nested ?? true) && plan.exchange === undefined
      let before = (await session.executor.mask()).slice()
      while (!session.finished) {
        await session.advance(1)
        await session.settle()
        const after = await session.executor.mask()
        if (nests)
          after.forEach((word, i) => {
            expect(word & ~(before[i] ?? 0)).toBe(0)
          })
        const event = session.pruner.training(session.step - 1)
        const kept = after.reduce((sum, word) => sum + countOnes(word), 0)
        if (event && event.threshold === undefined && !recipe.cut) expect(kept).toBe(event.kept)
        before = after.slice()
      }
      const { kept, prunable } = await session.result()
      const { values: knobs } = session.experiment.method
      const target = recipe.target(knobs)
      const exact = (1 - target) * prunable
      // What counts of units and of N:M mean is tested in granularity.test.ts.
      const candidates = candidatesOf(session.executor.layout, recipe.granularity?.(knobs))
      const parts = candidates.weights(candidates.groups(recipe.scope(knobs), target, plan.rounding))
      // A cut of the method's own keeps what it finds worth keeping (`Method.cut`), never less than its target leaves.
      if (plan.threshold || recipe.cut) expect(kept).toBeGreaterThanOrEqual(Math.floor(exact))
      else if (recipe.granularity) expect(kept).toBe(parts)
      else expect(kept).toBe(plan.rounding === 'floor' ? Math.floor(exact) : Math.round(exact))
      for (const { name, values, mask } of await session.tensors()) {
        mask?.forEach((isKept, i) => {
          if (!isKept) expect(values[i], `${name}[${i}]`).toBe(0)
        })
      }
    },
  )
})

describe('a run', () => {
  it('is repeated bit for bit after reset, and by another session', async () => {
    const { session } = await opened({ ...smallVit, 'training.dropout': 0.1 })
    await session.run(untilTheEnd)
    const first = session.metrics.map((m) => m.loss)
    const weights = await session.executor.weights()
    session.reset()
    await session.run(untilTheEnd)
    expect(session.metrics.map((m) => m.loss)).toEqual(first)
    expect(await session.executor.weights()).toEqual(weights)
    expect(await losses({ ...smallVit, 'training.dropout': 0.1 })).toEqual(first)
  })

  it('is not moved by looking at it', async () => {
    const { session } = await opened(smallVit)
    while (!session.finished) {
      await session.advance(1)
      await session.executor.classify(session.pruner.budget)
      await session.executor.sample(Uint32Array.of(0, 1, 2))
    }
    expect(session.metrics.map((m) => m.loss)).toEqual(await losses(smallVit))
  })

  it('submits each training step once, cuts included', async () => {
    const { session } = await opened({ ...smallVit, 'method.begin': 0, 'method.end': 1, 'training.watchedCuts': 0 })
    await session.advance(1)
    const queue = (await deviceOf()).queue
    const submit = queue.submit.bind(queue)
    let submits = 0
    queue.submit = (buffers) => {
      submits++
      return submit(buffers)
    }
    await session.advance(5)
    queue.submit = submit
    // Five steps and the one read of their losses.
    expect(submits).toBe(6)
  })

  it('counts what a threshold leaves at every step, whatever the pace', async () => {
    const knobs = {
      'method.begin': 0,
      'method.end': 0.5,
      'method.every': 2,
      'method.threshold': 0.25,
      'method.rate': 2,
    }
    const settings = { ...smallMlp, method: 'softMovement', ...knobs }
    const sparsities = async (count: number) => {
      const { session } = await opened(settings, 'wasm')
      while (!session.finished) await session.advance(count)
      return session.metrics.map(({ sparsity }) => sparsity)
    }
    const single = await sparsities(1)
    expect(new Set(single).size).toBeGreaterThan(3)
    expect(await sparsities(20)).toEqual(single)
  })

  it('measures right after the last cut and at the end', async () => {
    const { session } = await opened(smallVit)
    const { evaluations } = await session.run(untilTheEnd)
    // 20 steps, window 0.2 to 0.75: the last cut is after step 15.
    expect(evaluations.map((e) => [e.step, e.moment])).toEqual([
      [15, 'pruned'],
      [20, 'end'],
    ])
    expect(evaluations[0]?.sparsity).toBeCloseTo(0.8, 2)
  })

  it('stops before a loss that is not finite, says where, and keeps the weights of the last good step', async () => {
    const { session, events } = await opened({
      ...smallVit,
      'training.optimizer': 'sgd',
      'training.rate': 10,
      'training.clip': 0,
      'training.warmup': 0,
      'training.schedule': 'constant',
      'training.momentum': 0.99,
      'training.steps': 400,
    })
    const failure = await session.run(untilTheEnd).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Problem)
    expect((failure as Problem).what).toBe(
      `The loss or the gradient of step ${session.step + 1} is not a finite number; `
        + `the run stopped at step ${session.step}, the last good one.`,
    )
    expect((failure as Problem).fix).toMatch(/learning rate/)
    const weights = await session.executor.weights()
    expect(weights.every(Number.isFinite)).toBe(true)
    expect(session.metrics.length).toBe(session.step)
    expect(events.some((e) => e.type === 'evaluation' && e.evaluation.moment === 'end')).toBe(true)
  })
})

async function deviceOf(): Promise<GPUDevice> {
  const { openDevices } = await import('./runtime')
  const device = openDevices().at(-1)
  if (!device) throw new Error('No device is open.')
  return device
}
