import { afterEach, expect, it } from 'vitest'
import { bit } from '../core/bits'
import type { Session } from './run/session'
import { arenaBuffer, smallMlp, testSession } from './testing'

let open: Session | undefined
afterEach(() => {
  open?.dispose()
})

it.each(['webgpu', 'cpu'] as const)(
  'a mask change sets pruned weights to 0 and leaves their moments, on %s',
  async (backend) => {
    // PLATON's first change is after step 5: no weight was pruned before, so every moment is that of five gradients.
    const { session } = await testSession(
      { ...smallMlp, method: 'platon', 'method.every': 5, 'method.sparsity': 0.9, 'training.watchedCuts': 0 },
      backend,
    )
    open = session
    while (session.step < 5) {
      await session.advance(5 - session.step)
      await session.settle()
    }
    const { executor } = session
    const [weights, mask, first, second] = [
      await executor.weights(),
      await executor.mask(),
      await arenaBuffer(executor, 'moment1'),
      await arenaBuffer(executor, 'moment2'),
    ]
    const { offset, size } = executor.layout.prunable[0]!
    const pruned = Array.from({ length: size }, (_, i) => offset + i).filter((i) => !bit(mask, i))
    expect(pruned.length).toBeGreaterThan(size / 20)
    expect(pruned.every((i) => weights[i] === 0)).toBe(true)
    expect(pruned.filter((i) => first[i] !== 0 && second[i]! > 0).length / pruned.length).toBeGreaterThan(0.9)
  },
)
