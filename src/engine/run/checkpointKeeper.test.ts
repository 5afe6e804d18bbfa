import { expect, it } from 'vitest'
import { Problem } from '../../core/problem'
import { problemOf } from '../../gpu/testing'
import { CheckpointKeeper } from './checkpointKeeper'
import { SavePace } from './savePace'
import { smallMlp, testSession } from '../testing'

it('counts the copy and what follows, not the steps before it, and goes on after a copy that failed', async () => {
  const { session } = await testSession(smallMlp, 'wasm')
  let now = 0
  const pace = new SavePace(() => now, 30_000)
  const keeper = new CheckpointKeeper(pace, () => {
    now += 100
    return Promise.resolve()
  })
  const [settle, copy] = [session.settle.bind(session), session.copy.bind(session)]
  session.copy = () => {
    now += 100
    return copy()
  }
  let stepsMs = 0
  session.settle = async (left) => {
    await settle(left)
    now += stepsMs
    stepsMs = 0
  }
  await session.advance(1)
  now = 30_000
  stepsMs = 10_000
  await keeper.offer(session)
  await keeper.settle()
  expect([keeper.newest?.step, now]).toEqual([1, 40_200])
  // The copy and what follows take 0.2 s, 2 % of 10 s.
  const affordableAt = (time: number) => {
    now = time
    return pace.affordable
  }
  expect([affordableAt(50_199), affordableAt(50_200)]).toEqual([false, true])

  now = 70_200
  session.copy = () => Promise.reject(new Problem('The GPU was lost.', 'Start again.'))
  expect((await problemOf(keeper.offer(session))).what).toBe('The GPU was lost.')
  await keeper.settle()
  session.copy = copy
  now = 100_200
  await session.advance(1)
  await keeper.offer(session)
  await keeper.settle()
  expect(keeper.newest?.step).toBe(2)
  session.dispose()
})
