import { expect, it, vi } from 'vitest'
import { toLink } from '../src/config/link'
import type { Phase, TrainerEvent } from '../src/core/trainer'
import { createApp } from './store/app'
import { isFree, leftHere } from './store/state'
import { handOpened } from './testing/events'
import { handTrainer } from './testing/handTrainer'
import { handLocks } from './testing/locks'
import { handShelf } from './testing/shelf'
import { shareTraining, takeClaim, type Bell, type Locks } from './training'

/** Tabs of one browser. */
function browser() {
  const locks = handLocks()
  const shelf = handShelf()
  const bells: (() => void)[] = []
  return async (own: Locks = locks) => {
    const opened: boolean[] = []
    const app = createApp({
      connect: (receive: (event: TrainerEvent) => void) => {
        const to = (phase: Phase) => {
          receive({ type: 'phase', phase, text: '' })
          return Promise.resolve()
        }
        return {
          ...handTrainer(),
          open: (experiment, { resume = false }) => {
            opened.push(resume)
            receive({ type: 'opened', opened: handOpened(experiment) })
            return to('ready')
          },
          start: () => to('running'),
          handOver: () => {
            const { setup } = app.store.getState()
            receive({ type: 'saved', link: toLink(setup.experiment), step: 70 })
            return to('idle')
          },
        }
      },
      shelf,
      takeClaim: (claim) => takeClaim(own, claim),
      now: () => 0,
      random: () => 0,
      search: '',
    })
    const bell: Bell = {
      addEventListener: (_, listener) => void bells.push(listener),
      postMessage: () => bells.forEach((listen) => listen()),
    }
    await shareTraining(app, own, bell)
    const state = () => app.store.getState()
    return { ...app, opened, state, phase: () => state().run.phase, elsewhere: () => state().elsewhere }
  }
}

it('shows what another tab trains, until that has ended, and does not offer it as left', async () => {
  const open = browser()
  const [one, two] = [await open(), await open()]
  await one.actions.start()
  const link = toLink(one.state().setup.experiment)
  await vi.waitFor(() => expect(two.elsewhere()).toMatchObject([{ link }]))
  one.actions.receive({ type: 'saved', link, step: 30 })
  const three = await open()
  expect([three.elsewhere().length, leftHere(three.state())]).toEqual([1, []])
  one.actions.receive({ type: 'phase', phase: 'paused', text: '' })
  expect(three.elsewhere()).toHaveLength(1)
  one.actions.receive({ type: 'phase', phase: 'failed', text: '' })
  await vi.waitFor(() => expect([two.elsewhere(), three.elsewhere()]).toEqual([[], []]))
  expect(leftHere(three.state())).toMatchObject([{ link, step: 30 }])
})

it('is taken over: one tab saves and closes the run, then the other goes on from there', async () => {
  const open = browser()
  const [one, two] = [await open(), await open()]
  await one.actions.start()
  await vi.waitFor(() => expect(two.elsewhere()).toHaveLength(1))
  await two.actions.takeOver(two.elsewhere()[0]!)
  expect([one.phase(), two.phase(), two.opened]).toEqual(['idle', 'running', [true]])
  await vi.waitFor(() => expect([one.elsewhere().length, two.elsewhere().length]).toEqual([1, 0]))
  expect(isFree(one.state())).toBe(true)
})

it('every tab goes without where there are no locks', async () => {
  const denied = () => Promise.reject(new DOMException('denied', 'SecurityError'))
  const { actions, phase, elsewhere } = await browser()({ request: denied, query: denied })
  await actions.start()
  await Promise.resolve()
  expect([phase(), elsewhere()]).toEqual(['running', []])
})
