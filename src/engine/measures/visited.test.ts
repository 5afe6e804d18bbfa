import { afterEach, describe, expect, it } from 'vitest'
import { countOnes } from '../../core/bits'
import type { Session } from '../run/session'
import { smallMlp, testSession, untilTheEnd } from '../testing'
import { withMask } from './visited'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose()
})

async function open(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm'): Promise<Session> {
  const { session } = await testSession({ ...smallMlp, ...settings }, backend)
  sessions.push(session)
  return session
}

const ones = (words: Uint32Array) => words.reduce((sum, word) => sum + countOnes(word), 0)

it('counts what was kept once and what is kept now, each weight once', () => {
  // 0b0110 and 0b0011 are 0b0111; the highest bit stays positive.
  expect([...withMask(Uint32Array.of(6, 0x80000000), Uint32Array.of(3, 1))]).toEqual([7, 0x80000001])
})

describe.each(['webgpu', 'wasm'] as const)('weights that ever took part on %s', (backend) => {
  it.each(['set', 'rigl'])(
    '%s: every mask that a step was trained under, the first and the last too',
    async (method) => {
      const settings = { method, 'method.every': 3, 'method.sparsity': 0.8 }
      const session = await open(settings, backend)
      let union = new Uint32Array()
      let first = 0
      for (let step = 0; step < 20; step++) {
        await session.advance(1)
        await session.settle()
        const mask = await session.executor.mask()
        if (step === 0) first = ones(mask)
        union = union.length ? union.map((word, i) => (word | mask[i]!) >>> 0) : mask.slice()
      }
      expect(await session.executor.visited()).toEqual(union)
      expect(ones(union)).toBeGreaterThan(1.2 * first)
      const { explored, prunable } = await session.measuredResult()
      expect(explored).toBe(ones(union) / prunable)
      // Neither bursts of steps nor looks at cuts change it, and a second run starts from nothing.
      session.reset()
      await session.run(untilTheEnd)
      expect(await session.executor.visited()).toEqual(union)
      const watched = await open({ ...settings, 'training.watchedCuts': 0 }, backend)
      await watched.run(untilTheEnd)
      expect(await watched.executor.visited()).toEqual(union)
    },
  )

  it('is the density where nothing changes places yet, and absent for methods that exchange nothing', async () => {
    const still = await open({ method: 'set', 'method.share': 0, 'method.sparsity': 0.8 }, backend)
    await still.run(untilTheEnd)
    const { explored, kept, prunable } = await still.measuredResult()
    expect(explored).toBe(kept / prunable)
    const magnitude = await open({ method: 'magnitude' }, backend)
    await magnitude.run(untilTheEnd)
    expect(await magnitude.measuredResult()).not.toHaveProperty('explored')
  })
})
