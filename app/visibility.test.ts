import { expect, test, vi } from 'vitest'
import type { Phase, Trainer, TrainerEvent } from '../src/core/trainer'
import { handTrainer } from './testing/handTrainer'
import { handOpened } from './testing/events'
import { createApp } from './store/app'
import { followVisibility } from './visibility'

/** A page whose visibility is set by hand, over a trainer that writes down its calls and answers at once. */
function setUp(pauseHidden: boolean) {
  const calls: string[] = []
  let receive: (event: TrainerEvent) => void = () => undefined
  const to = (name: string, phase: Phase) => () => {
    calls.push(name)
    receive({ type: 'phase', phase, text: '' })
    return Promise.resolve()
  }
  const trainer: Trainer = {
    ...handTrainer(),
    start: to('start', 'running'),
    pause: to('pause', 'paused'),
    stop: to('stop', 'stopped'),
    open: (experiment) => {
      receive({ type: 'opened', opened: handOpened(experiment) })
      return to('open', 'ready')()
    },
    setHidden: (hidden) => {
      calls.push(hidden ? 'hidden' : 'seen')
      return Promise.resolve()
    },
  }
  const app = createApp({
    connect: (listener) => {
      receive = listener
      return trainer
    },
    shelf: null,
    now: () => 0,
    random: () => 0,
    search: '',
  })
  app.actions.setUi({ pauseHidden })
  let changed: () => void = () => undefined
  const page = {
    visibilityState: 'visible' as DocumentVisibilityState,
    addEventListener: (_type: string, listener: () => void) => {
      changed = listener
    },
  }
  followVisibility(app, page)
  const show = async (state: DocumentVisibilityState) => {
    page.visibilityState = state
    changed()
    await Promise.resolve()
  }
  return { ...app, calls, show }
}

test('a hidden page trains on, and the engine knows that nobody looks', async () => {
  const { actions, calls, show } = setUp(false)
  await show('hidden')
  await show('visible')
  // There is no engine to tell before the first start.
  expect(calls).toEqual([])
  await actions.start()
  await show('hidden')
  await show('visible')
  expect(calls).toEqual(['open', 'start', 'hidden', 'seen'])
})

test('where the reader wants it, a run waits for the page to be seen', async () => {
  const { actions, calls, show } = setUp(true)
  await actions.start()
  await show('hidden')
  expect(calls.slice(2)).toEqual(['hidden', 'pause'])
  await show('visible')
  expect(calls.slice(4)).toEqual(['seen', 'start'])
})

test('a run that begins while the page is hidden waits too', async () => {
  const { actions, calls, show } = setUp(true)
  await show('hidden')
  await actions.start()
  expect(calls).toEqual(['open', 'start', 'pause'])
  await show('visible')
  expect(calls.slice(3)).toEqual(['seen', 'start'])
})

test('a run that the reader paused or stopped is left alone', async () => {
  const { actions, calls, show } = setUp(true)
  await actions.start()
  await actions.pause()
  await show('hidden')
  await show('visible')
  expect(calls.slice(2)).toEqual(['pause', 'hidden', 'seen'])
  await actions.proceed()
  await show('hidden')
  await actions.stop()
  await show('visible')
  expect(calls.slice(5)).toEqual(['start', 'hidden', 'pause', 'stop', 'seen'])
})

test('a comparison that was paused in the last steps of a run goes on when the page is seen', async () => {
  const { store, actions, calls, show } = setUp(true)
  actions.openLink('#/v1?compare.methods=dense_random&compare.sparsities=0.5&compare.seeds=1')
  void actions.compare()
  await vi.waitFor(() => {
    expect(calls).toEqual(['open', 'start'])
  })
  await show('hidden')
  expect(store.getState().comparing.queue?.state).toBe('paused')
  actions.receive({ type: 'phase', phase: 'finished', text: '' })
  await show('visible')
  await vi.waitFor(() => {
    expect(calls.slice(-2)).toEqual(['open', 'start'])
  })
  expect(store.getState().comparing.queue?.state).toBe('running')
  await actions.stop()
})
