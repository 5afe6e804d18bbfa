import { afterEach, describe, expect, it } from 'vitest'
import type { Session } from './session'
import { smallVit, testSession } from './testing'

let open: Session | undefined
afterEach(() => {
  open?.dispose()
  open = undefined
})

describe.each(['webgpu', 'cpu'] as const)('classes on %s', (backend) => {
  it('nobody is a sentinel before the first gradient, and a look then makes nobody a temporary one later', async () => {
    const { session } = await testSession({ ...smallVit, method: 'magnitude' }, backend)
    open = session
    const look = () => session.executor.classify(session.pruner.budget)
    const prunable = session.opened.prunable
    expect(await look()).toEqual({ counts: { pruned: 0, ordinary: prunable, temporary: 0, sentinel: 0 }, temporaryNow: 0 })
    await session.advance(2)
    await session.settle()
    const seen = await look()
    expect(seen.counts.sentinel).toBe(session.pruner.budget.reduce((sum, { kept }) => sum + kept, 0))
    session.reset()
    await session.advance(2)
    await session.settle()
    expect(await look()).toEqual(seen)
  })
})
