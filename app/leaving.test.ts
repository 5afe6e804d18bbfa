import { expect, test } from 'vitest'
import { guardLeaving } from './leaving'
import { createApp } from './store/app'
import { openByHand } from './testing/states'
import { handTrainer } from './testing/handTrainer'

test('the browser asks before an unfinished run is left, and only then', () => {
  const app = createApp({ connect: handTrainer, shelf: null, now: () => 0, random: () => 0, search: '' })
  const listeners = new Set<(event: BeforeUnloadEvent) => void>()
  guardLeaving(app, {
    addEventListener: (_, listener) => void listeners.add(listener),
    removeEventListener: (_, listener) => void listeners.delete(listener),
  })
  openByHand(app)
  const asks = (phase: 'ready' | 'running' | 'scoring' | 'paused' | 'finished' | 'stopped' | 'failed') => {
    app.actions.receive({ type: 'phase', phase, text: '' })
    return listeners.size
  }
  expect([
    asks('ready'),
    asks('scoring'),
    asks('running'),
    asks('paused'),
    asks('finished'),
    asks('running'),
    asks('failed'),
  ]).toEqual([0, 1, 1, 1, 0, 1, 0])
  asks('running')
  const event = new Event('beforeunload', { cancelable: true })
  for (const listener of listeners) listener(event)
  expect(event.defaultPrevented).toBe(true)
})
