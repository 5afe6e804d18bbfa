import { expect, test } from 'vitest'
import { toLink } from '../src/config/link'
import { guardLeaving } from './leaving'
import { createApp } from './store/app'
import type { Queue } from './store/queue'
import { handOpened } from './testing/events'
import { handTrainer } from './testing/handTrainer'
import { handShelf } from './testing/shelf'
import { openByHand } from './testing/states'

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

test('the browser does not ask where the next visit can go on with the run', () => {
  const shelf = handShelf()
  const app = createApp({ connect: handTrainer, shelf, now: () => 0, random: () => 0, search: '' })
  const page = new EventTarget()
  guardLeaving(app, page)
  openByHand(app)
  const { receive } = app.actions
  const asks = () => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }))
  receive({ type: 'phase', phase: 'running', text: '' })
  const link = toLink(app.store.getState().setup.experiment)
  const told = [asks()]
  receive({ type: 'saved', link, step: 10 })
  told.push(asks())
  // The disk is full; then it has room again.
  receive({ type: 'stale', link })
  told.push(asks())
  // A GPU is lost meanwhile, and the run opened again on another one.
  receive({ type: 'opened', opened: handOpened(app.store.getState().setup.experiment) })
  told.push(asks())
  receive({ type: 'saved', link, step: 20 })
  told.push(asks())
  // It goes with the page where a comparison is under way that cannot be noted.
  const compare = (link: string | null) =>
    app.store.setState(({ comparing }) => ({ comparing: { ...comparing, queue: { state: 'running', link } as Queue } }))
  compare(null)
  told.push(asks())
  compare('#/v1?seed=3&compare.seeds=1_2')
  told.push(asks())
  receive({ type: 'unsaved', link })
  told.push(asks())
  expect(told).toEqual([true, false, true, true, false, true, false, true])
})
