import { afterEach, describe, expect, it } from 'vitest'
import { idle } from '../../methods/axes'
import { cutSteps } from './cutWatch'
import type { Session } from '../run/session'
import { smallBert, smallMlp, smallVit, testSession, untilTheEnd } from '../testing'

let open: Session[] = []
afterEach(() => {
  for (const session of open) session.dispose()
  open = []
})

type Settings = Readonly<Record<string, unknown>>

async function ended(settings: Settings, backend: 'webgpu' | 'wasm' = 'webgpu') {
  const { session, events } = await testSession(settings, backend)
  open.push(session)
  const result = await session.run(untilTheEnd)
  const [weights, mask] = [await session.executor.weights(), await session.executor.mask()]
  return { session, result, events, metrics: session.metrics, weights: weights.slice(), mask: mask.slice() }
}

/**
 * One of each way to change a mask: by score, own numbers, latent, threshold, exchange, units, own optimizer, rounds,
 * inputs, scoring.
 */
const kinds: readonly (readonly [string, Settings])[] = [
  ['sevenDyn', {}],
  ['platon', {}],
  ['movement', {}],
  ['softMovement', {}],
  ['grda', {}],
  ['rigl', { 'method.every': 2 }],
  ['acdc', { 'method.phases': 2 }],
  ['structured', {}],
  ['nm', {}],
  ['edgePopup', {}],
  ['lottery', { 'method.rounds': 2 }],
  ['wanda', { 'method.at': 0.5 }],
  ['grasp', { 'method.batches': 2 }],
]

describe('watching cuts', () => {
  it.each(kinds)('leaves a run of %s as it is, bit for bit', async (method, knobs) => {
    const settings = { ...smallVit, 'training.steps': 8, 'training.dropout': 0.1, method, ...knobs }
    const alone = await ended({ ...settings, 'training.watchedCuts': 0 })
    const watched = await ended({ ...settings, 'training.watchedCuts': 64 })
    expect(alone.result.cuts).toEqual([])
    expect(watched.result.cuts?.length).toBe(cutSteps(watched.session.pruner.plan, 8).length)
    expect(watched.metrics).toEqual(alone.metrics)
    expect(watched.weights).toEqual(alone.weights)
    expect(watched.mask).toEqual(alone.mask)
    expect(watched.result.evaluations).toEqual(alone.result.evaluations)
  })

  it.each([
    ['magnitude', 'begin', 0],
    ['movement', 'begin', 0],
    ['platon', 'begin', 0],
    ['rigl', 'every', 2],
  ])('leaves a run of %s as it is without a GPU too', async (method, knob, value) => {
    const asked = { ...smallMlp, 'training.steps': 8, method, [`method.${knob}`]: value }
    const alone = await ended({ ...asked, 'training.watchedCuts': 0 }, 'wasm')
    const watched = await ended({ ...asked, 'training.watchedCuts': 64 }, 'wasm')
    expect(watched.result.cuts?.length).toBeGreaterThan(1)
    expect([watched.metrics, watched.weights, watched.mask]).toEqual([alone.metrics, alone.weights, alone.mask])
  })

  it('measures what the full evaluation measures, where all held-out examples are watched', async () => {
    const { result, events } = await ended({ ...smallBert, method: 'magnitude', 'method.schedule': 'once' })
    const pruned = result.evaluations.find((e) => e.moment === 'pruned')!
    expect(result.cuts).toHaveLength(1)
    const [cut] = result.cuts!
    expect([cut!.step, cut!.sparsity, cut!.after]).toEqual([
      pruned.step,
      pruned.sparsity,
      { accuracy: pruned.accuracy, loss: pruned.loss },
    ])
    expect(cut!.before.loss).not.toBe(cut!.after.loss)
    expect(events.filter((e) => e.type === 'cut')).toEqual([{ type: 'cut', cut }])
  })

  it('sees the model of the step before the cut: dense, as a dense run has it then', async () => {
    const once = await ended({ ...smallVit, method: 'magnitude', 'method.schedule': 'once', 'method.at': 0.5 })
    const { step, before } = once.result.cuts![0]!
    const dense = await ended({ ...smallVit, method: 'dense', 'training.evaluateEvery': step })
    const found = dense.result.evaluations.find((e) => e.step === step)!
    expect(before).toEqual({ accuracy: found.accuracy, loss: found.loss })
  })

  it('takes all that happens before training as one cut', async () => {
    const { result } = await ended({ ...smallMlp, method: 'synflow', 'method.rounds': 4 })
    expect(result.cuts?.map(({ step, sparsity }) => [step, Number(sparsity.toFixed(1))])).toEqual([[0, 0.8]])
  })

  it('watches the cut that looks at inputs, and those of rounds', async () => {
    const wanda = await ended({ ...smallVit, method: 'wanda', 'method.at': 0.5, 'method.batches': 1 })
    expect(wanda.result.cuts?.map((c) => c.step)).toEqual([wanda.session.pruner.plan.lastEvent + 1])
    const lottery = await ended({ ...smallVit, method: 'lottery', 'method.rounds': 2, 'training.steps': 12 })
    expect(lottery.result.cuts).toHaveLength(2)
  })

  it('begins anew after a reset', async () => {
    const { session, result } = await ended({ ...smallMlp, method: 'magnitude' })
    session.reset()
    expect((await session.run(untilTheEnd)).cuts).toEqual(result.cuts)
  })
})

describe('cuts of a plan', () => {
  it('are changes that cut or exchange, not those that open; before training counts once', () => {
    const shares = new Map([
      [1, 0.5],
      [3, 0],
      [5, 0.8],
      [6, 0.8],
    ])
    expect(cutSteps({ ...idle, training: (t) => shares.get(t) }, 8)).toEqual([1, 5, 6])
    expect(
      cutSteps(
        { ...idle, scoringBatches: 3, scoring: (i) => (i + 1) / 4, training: (t) => (t === 2 ? 0.9 : undefined) },
        4,
      ),
    ).toEqual([-1, 2])
    expect(cutSteps({ ...idle, initial: 0.5 }, 4)).toEqual([-1])
    expect(cutSteps(idle, 4)).toEqual([])
  })
})
