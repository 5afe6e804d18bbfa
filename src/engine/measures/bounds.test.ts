import { expect, test } from 'vitest'
import { plainly, sensitivityOf, spreadOf, steadily } from '../../core/weighing'
import { smallVit, testSession } from '../testing'
import { boundsOf, inUnitsOf } from './bounds'

test('noise by hand: a discount of 0.8 is a variation of 0.75', () => {
  // 1 / sqrt(1 + 0.75^2) = 1 / 1.25 = 0.8.
  expect(spreadOf(5, 4)).toBeCloseTo(0.75, 12)
  expect(steadily(0.75)).toBeCloseTo(0.8, 12)
  expect(sensitivityOf(4, 0.75)).toBeCloseTo(5, 12)
  // Unequal rates may discount by more than 1.
  expect([spreadOf(4, 4), spreadOf(3, 4), spreadOf(1, 0), spreadOf(0, 0)]).toEqual([0, 0, null, null])
})

test('scores by hand: the middle ratio is the unit, what was not ranked has none', () => {
  const weight = (sensed: number, importance: number, score: number) => ({ sensed, importance, score })
  const samples = [
    weight(5, 4, 8), // steadily 4 / 8 = 0.5, plainly 5 / 8 = 0.625
    weight(10, 8, 8), // 1 and 1.25
    weight(5, 3, 12), // 0.25 and 0.4167
    weight(7, 5, NaN),
    weight(7, 5, 0),
    weight(0, 0, 3),
  ]
  expect(inUnitsOf(samples, { discount: steadily }, [6, NaN, 0])).toEqual([3, null, null])
  expect(inUnitsOf(samples, { discount: plainly }, [8])[0]).toBeCloseTo(5, 12)
  // The score is a square: 4 / sqrt(8), 8 / sqrt(8), 3 / sqrt(12); the middle one is sqrt(2), times sqrt(18).
  expect(inUnitsOf(samples, { discount: steadily, power: 2 }, [18])[0]).toBeCloseTo(6, 12)
  expect(inUnitsOf([weight(7, 5, NaN)], { discount: steadily }, [6])).toEqual([])
})

const run = { ...smallVit, 'method.sparsity': 0.6 }

for (const backend of ['webgpu', 'wasm'] as const) {
  test.each([
    ['sevenPre', 'global', 0.97],
    ['sevenPre', 'layer', 0.95],
    ['snip', 'global', 0.7],
  ] as const)(`${backend}: %s, %s: the line divides kept from cut`, async (method, scope, share) => {
    const once = method === 'snip' ? {} : { 'method.schedule': 'once' }
    const { session } = await testSession(
      { ...run, method, 'method.scope': scope, 'method.batches': 8, ...once },
      backend,
    )
    const { executor, pruner } = session
    await session.advance(1)
    await session.settle()
    const { prunable } = executor.layout
    const indices = prunable.flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => offset + i))
    await executor.classify(pruner.budget)
    const [samples, lowest] = await Promise.all([executor.sample(Uint32Array.from(indices)), executor.lowestKept()])
    // The engine's own threshold is exact: who scores at least that much is kept.
    const groupOf = (i: number) =>
      scope === 'global' ? 0 : prunable.findIndex(({ offset, size }) => i >= offset && i < offset + size)
    expect(lowest).toHaveLength(scope === 'global' ? 1 : prunable.length)
    samples.forEach(({ score, cut }, k) => {
      expect(cut).toBe(!(score >= lowest[groupOf(indices[k]!)]!))
    })
    const bounds = boundsOf(executor.pruning, lowest, samples)
    const right = samples.filter(({ sensed, importance, cut }, k) => {
      const spread = spreadOf(sensed, importance)
      const weighed =
        spread === null ? 0 : sensitivityOf(importance, spread) * executor.pruning.weighing!.discount(spread)
      return cut !== weighed >= bounds[groupOf(indices[k]!)]!
    })
    expect(right.length / samples.length).toBeGreaterThan(share)
    session.dispose()
  })
}

test('what is ranked by anything else has no line, nor has a run before its first cut', async () => {
  const { session } = await testSession({ ...run, method: 'magnitude', 'method.schedule': 'once' }, 'wasm')
  const { executor } = session
  expect(await executor.lowestKept()).toEqual([])
  expect(boundsOf(executor.pruning, [0.1], [])).toEqual([])
  session.dispose()
})
