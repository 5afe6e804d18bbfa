import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../core/attempt'
import { tried } from '../run/tried'
import { smallBert, smallMlp, smallVit, testSession } from '../testing'
import { headWeights } from './attentionOf'

it('is by hand the softmax of queries with keys, of one head alone, without padding', () => {
  // Two heads of one number each; three tokens, the last is padding. Of the second head queries are 1 and 0.
  const [a, b] = [Math.log(3), Math.log(1)]
  const stacked = [...[9, 1, 9, a, 9, 9], ...[9, 0, 9, b, 9, 9], ...[9, 9, 9, 9, 9, 9]]
  const weights = headWeights(stacked, { tokens: 3, known: 2, heads: 2, head: 1 })
  expect(weights.map((row) => row.map((share) => Math.round(100 * share)))).toEqual([
    [75, 25],
    [50, 50],
  ])
})

const asked = (block: number, head: number): Attempt => ({ kind: 'held', index: 2, attention: { block, head } })

describe.each([
  ['ViT', smallVit],
  ['BERT', smallBert],
] as const)('of a %s', (_, settings) => {
  it('is the same on WebGPU and on wasm, and of the model before its first cut, too', async () => {
    const cut = { ...settings, method: 'magnitude', 'method.sparsity': 0.9, 'method.schedule': 'once' }
    const lookOn = async (backend: 'webgpu' | 'wasm') => {
      const { session } = await testSession(cut, backend)
      while (!session.finished) await session.advance(64)
      await session.settle()
      const weights = await session.executor.weights()
      const { answer, before } = await tried(session, asked(0, 1))
      const last = await tried(session, asked(99, 99))
      expect(await session.executor.weights()).toEqual(weights)
      session.dispose()
      return { now: answer!.attention!, then: before!.attention!, last: last.answer!.attention!, answer: answer! }
    }
    // One after the other: tfjs has one backend at a time.
    const found = [await lookOn('webgpu'), await lookOn('wasm')]
    for (const { now, then, last, answer } of found) {
      expect(now).toMatchObject({ block: 0, head: 1 })
      expect(now.shares).toHaveLength(answer.influence.length)
      const sum = now.shares.reduce((a, b) => a + b, 0)
      // A class token gives itself the rest.
      expect(sum).toBeGreaterThan(0.2)
      expect(sum).toBeLessThan(1.0001)
      expect(then.shares).not.toEqual(now.shares)
      expect([last.block, last.head]).toEqual([now.blocks - 1, now.heads - 1])
    }
    const [gpu, cpu] = found
    expect(gpu!.now.shares).toEqual(cpu!.now.shares.map((share) => expect.closeTo(share, 3) as number))
  })
})

it('a model without attention has none', async () => {
  const { session } = await testSession(smallMlp, 'wasm')
  await session.advance(1)
  await session.settle()
  expect((await tried(session, asked(0, 0))).answer).not.toHaveProperty('attention')
  session.dispose()
})
