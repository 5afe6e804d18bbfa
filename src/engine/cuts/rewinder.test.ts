import { afterAll, describe, expect, it } from 'vitest'
import { bit, countOnes } from '../../core/bits'
import type { Session } from '../run/session'
import { smallVit, testSession } from '../testing'
import { redrawnWeights, shuffledMask } from './tickets'

const open: Session[] = []
afterAll(() => {
  for (const session of open) session.dispose()
})

/** 13 steps, two cuts, back to step 1 of trainings of 5: stages [0, 5), [5, 9), [9, 13). */
async function ticket(settings: Readonly<Record<string, unknown>> = {}): Promise<Session> {
  const { session } = await testSession({
    ...smallVit,
    method: 'lottery',
    'method.rounds': 2,
    'method.share': 0.2,
    'method.sparsity': 0.75,
    'training.steps': 13,
    'training.warmup': 0,
    'training.evaluateEvery': 0,
    ...settings,
  })
  open.push(session)
  return session
}

async function to(session: Session, step: number): Promise<void> {
  while (session.step < step) {
    await session.advance(1)
    await session.settle()
  }
}

/** The weights that the session's device goes on from, as they come. */
function watchResumes({ executor }: Session): Float32Array[] {
  const seen: Float32Array[] = []
  const setWeights = executor.setWeights.bind(executor)
  executor.setWeights = (next) => {
    if (next.weights) seen.push(next.weights.slice())
    return setWeights(next)
  }
  return seen
}

const kept = (mask: Uint32Array) => mask.reduce((sum, word) => sum + countOnes(word), 0)

describe('rounds', () => {
  it('cut at the end of trainings, go back to the remembered weights, and repeat data and rate', async () => {
    const session = await ticket()
    await to(session, 1)
    const early = (await session.executor.weights()).slice()
    await to(session, 5)
    const mask = (await session.executor.mask()).slice()
    // Density 0.25^(1/2) = 0.5 after the first of two rounds.
    const prunable = session.opened.prunable
    expect(kept(mask)).toBe(Math.round(prunable * 0.5))
    await session.executor.setWeights({ weights: Float32Array.from(early), mask, moments: 'zeroed' })
    const weights = await session.executor.weights()
    mask.forEach((word, w) => {
      for (let i = 0; i < 32; i++) expect(weights[32 * w + i]).toBe((word >>> i) & 1 ? early[32 * w + i] : 0)
    })
    await to(session, 13)
    expect(kept(await session.executor.mask())).toBe(Math.round(prunable * 0.25))
    // Steps 5 and 9 of the run are step 1 of their trainings.
    expect(session.metrics[5]!.rate).toBe(session.metrics[1]!.rate)
    expect(session.metrics[9]!.rate).toBe(session.metrics[1]!.rate)
    expect(session.metrics[12]!.rate).toBe(session.metrics[4]!.rate)
  })

  it('rewind weights: the first step after it has the loss of the masked early weights on the same batch', async () => {
    const [session, other] = [await ticket(), await ticket()]
    await to(other, 1)
    const early = Float32Array.from(await other.executor.weights())
    await to(session, 5)
    const mask = Uint32Array.from(await session.executor.mask())
    await other.executor.setWeights({ weights: early, mask, moments: 'zeroed' })
    await to(session, 6)
    await to(other, 2)
    // The second step of a run is batch 1, and so is the first one after the rewind.
    expect(other.metrics[1]!.loss).toBeCloseTo(session.metrics[5]!.loss, 6)
  })

  it.each(['rate', 'reinitialise', 'fineTune'])('control %s: runs to the end with the exact count', async (rewind) => {
    const session = await ticket({ 'method.rewind': rewind })
    await to(session, 13)
    expect(kept(await session.executor.mask())).toBe(Math.round(session.opened.prunable * 0.25))
  })

  it('draws weights anew under the ticket of the remembered ones, only after the last cut', async () => {
    const [usual, redrawn] = [await ticket(), await ticket({ 'method.rewind': 'reinitialise' })]
    const resumed = [watchResumes(usual), watchResumes(redrawn)]
    for (const step of [5, 9, 13]) {
      await to(usual, step)
      await to(redrawn, step)
      expect(await redrawn.executor.mask(), `mask of step ${step}`).toEqual(await usual.executor.mask())
    }
    const [first, last] = resumed[0]!
    expect(last).toEqual(first)
    expect(resumed[1]).toEqual([first, redrawnWeights(usual.executor.layout, usual.experiment.seed)])
    expect(resumed[1]![1]).not.toEqual(first)
  })

  it('fine-tunes at the last rate of the first training, from the weights and moments that it left', async () => {
    const session = await ticket({ 'method.rewind': 'fineTune', 'training.schedule': 'linear' })
    const resumed = watchResumes(session)
    await to(session, 13)
    expect(resumed).toEqual([])
    // Linear to 0 over trainings of 5 steps: 1, 0.8, 0.6, 0.4, 0.2 of 0.003, and 0.2 from there on.
    session.metrics.forEach(({ rate }, t) => {
      expect(rate).toBeCloseTo(0.003 * (1 - Math.min(t, 4) / 5), 9)
    })
  })

  it('is repeated bit for bit after reset', async () => {
    const session = await ticket({ 'method.control': 'shuffled' })
    await to(session, 13)
    const [losses, mask] = [session.metrics.map((m) => m.loss), (await session.executor.mask()).slice()]
    session.reset()
    await to(session, 13)
    expect(session.metrics.map((m) => m.loss)).toEqual(losses)
    expect(await session.executor.mask()).toEqual(mask)
  })

  it('shuffle keeps the count of each layer and moves weights', async () => {
    const session = await ticket()
    await to(session, 5)
    const { layout } = session.executor
    const mask = (await session.executor.mask()).slice()
    const shuffled = shuffledMask(mask, layout, 3)
    for (const { offset, size } of layout.prunable) {
      const count = (m: Uint32Array) =>
        Array.from({ length: size }, (_, i) => Number(bit(m, offset + i))).reduce((a, b) => a + b, 0)
      expect(count(shuffled)).toBe(count(mask))
    }
    expect(shuffled).not.toEqual(mask)
  })
})
