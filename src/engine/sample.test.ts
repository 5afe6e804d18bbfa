import { expect, test } from 'vitest'
import { smallVit, testSession } from './testing'

test('readings are of the step that was submitted last, for more weights than one dispatch reads', async () => {
  const { session } = await testSession(smallVit)
  const { executor } = session
  await session.advance(3)
  await session.settle()
  const indices = Uint32Array.from({ length: 1100 }, (_, i) => (i * 7) % executor.layout.prunableLength)
  const weights = await executor.weights()
  // Not waited for: the fourth step is submitted after it.
  const begun = executor.sample(indices)
  await session.advance(1)
  await session.settle()
  const [before, few, after] = [
    await begun,
    await executor.sample(indices.subarray(5, 7)),
    await executor.sample(indices),
  ]
  expect(before.map((sample) => sample.weight)).toEqual(Array.from(indices, (i) => weights[i]))
  expect(after.map((sample) => sample.weight)).not.toEqual(before.map((sample) => sample.weight))
  expect(few).toEqual(after.slice(5, 7))
  session.dispose()
})
