import { afterEach, describe, expect, it } from 'vitest'
import { bit } from '../../core/bits'
import type { Session } from '../run/session'
import { smallVit, testSession, untilTheEnd } from '../testing'
import { furtherPruned } from './furtherPruned'

const open: Session[] = []
afterEach(() => {
  for (const session of open.splice(0)) session.dispose()
})

async function ended(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm') {
  const { session } = await testSession({ ...smallVit, ...settings }, backend)
  open.push(session)
  await session.run(untilTheEnd)
  return session.executor
}

describe.each(['webgpu', 'wasm'] as const)('pruning further for a look, on %s,', (backend) => {
  it.each([
    ['magnitude', { method: 'magnitude', 'method.schedule': 'once', 'method.at': 1 }],
    ['sevenDyn', { method: 'sevenDyn' }],
    ['dense, by size', { method: 'dense' }],
  ])('keeps the exact count of the highest, and the others as they are (%s)', async (_name, settings) => {
    const executor = await ended(settings, backend)
    const { prunable, prunableCount } = executor.layout
    const [weights, mask] = [(await executor.weights()).slice(), (await executor.mask()).slice()]
    const scores = new Float32Array((await executor.scores()).buffer)
    const further = await furtherPruned(executor, 0.95)
    const places = prunable.flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => offset + i))
    const left = places.filter((i) => further[i] !== 0)
    expect(left.length).toBe(Math.round(0.05 * prunableCount))
    for (const i of left) expect([bit(mask, i), further[i]]).toEqual([true, weights[i]])
    const rank = (i: number) => (settings.method === 'dense' ? Math.abs(weights[i]!) : scores[i]!)
    const lowest = left.reduce((least, i) => Math.min(least, rank(i)), Infinity)
    const rest = places.filter((i) => bit(mask, i) && further[i] === 0 && weights[i] !== 0)
    expect(rest.reduce((most, i) => Math.max(most, rank(i)), -Infinity)).toBeLessThanOrEqual(lowest)
    expect(await executor.weights()).toEqual(weights)
    expect(further.slice(executor.layout.prunableLength)).toEqual(weights.slice(executor.layout.prunableLength))
  })
})
