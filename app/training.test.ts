import { expect, it } from 'vitest'
import { createApp } from './store/app'
import { handTrainer } from './testing/handTrainer'
import { tellWhileTraining, untilNobodyTrains, type Locks } from './training'

/** Locks as browsers have them, for one name. */
function locksOfBrowser(): Locks {
  let sharers = 0
  const waiting: (() => void)[] = []
  return {
    request: async (_, { mode }, work) => {
      if (mode === 'exclusive') {
        if (sharers > 0) await new Promise<void>((resolve) => waiting.push(resolve))
        return work()
      }
      sharers++
      await work()
      sharers--
      if (sharers === 0) for (const go of waiting.splice(0)) go()
    },
  }
}

function tab(locks: Locks) {
  const app = createApp({ connect: handTrainer, shelf: null, now: () => 0, random: () => 0, search: '' })
  tellWhileTraining(app, locks)
  const to = (phase: 'running' | 'paused' | 'finished') => app.actions.receive({ type: 'phase', phase, text: '' })
  return { to }
}

it('another tab waits until the runs of all tabs are over, be they paused meanwhile', async () => {
  const locks = locksOfBrowser()
  const [one, two] = [tab(locks), tab(locks)]
  one.to('running')
  two.to('running')
  let over = false
  const waited = untilNobodyTrains(locks).then(() => {
    over = true
  })
  one.to('finished')
  two.to('paused')
  await new Promise((resolve) => setTimeout(resolve))
  expect(over).toBe(false)
  two.to('finished')
  await waited
  one.to('running')
  one.to('finished')
  await untilNobodyTrains(locks)
})

it('nobody waits where there are no locks', async () => {
  await untilNobodyTrains({ request: () => Promise.reject(new DOMException('denied', 'SecurityError')) })
})
