import { expect, it, vi } from 'vitest'
import { toLink } from '../src/config/link'
import type { Phase, TrainerEvent } from '../src/core/trainer'
import { createApp } from './store/app'
import { isUnfinished } from './store/run'
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
  /** @param saving resolves when a run that is handed over is saved */
  return async (own: Locks = locks, saving: Promise<void> = Promise.resolve()) => {
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
          handOver: async () => {
            await saving
            const { asked, phase } = app.store.getState().run
            if (asked && isUnfinished(phase)) receive({ type: 'saved', link: toLink(asked.experiment), step: 70 })
            // Events and answers come through two channels.
            setTimeout(() => void to('idle'))
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

it('a comparison is taken over when its run is saved and closed, not before', async () => {
  const open = browser()
  let save = () => {}
  const saving = new Promise<void>((resolve) => {
    save = resolve
  })
  const [one, two] = [await open(undefined, saving), await open()]
  one.actions.setRecipe({ methods: [{ id: 'snip', knobs: {} }], sparsities: [0.5], seeds: [1] })
  void one.actions.compare()
  await vi.waitFor(() => expect([one.phase(), two.elsewhere().length]).toEqual(['running', 1]))
  const [{ claim, link } = { claim: '', link: '' }] = two.elsewhere()
  void two.actions.takeOver({ claim, link })
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect([one.phase(), two.phase(), two.opened]).toEqual(['running', 'idle', []])
  save()
  await vi.waitFor(() => expect([one.phase(), two.phase(), two.opened]).toEqual(['idle', 'running', [true]]))
  // The comparison is the other tab's, and so is its run.
  await vi.waitFor(() => expect(one.elsewhere()).toMatchObject([{ link }]))
  expect([leftHere(one.state()), isFree(one.state())]).toEqual([[], true])
})

it('what the first tab begins after a run was taken over is its own again', async () => {
  const open = browser()
  const [one, two] = [await open(), await open()]
  await one.actions.start()
  await vi.waitFor(() => expect(two.elsewhere()).toHaveLength(1))
  await two.actions.takeOver(two.elsewhere()[0]!)
  one.actions.setSeed(5)
  await one.actions.start()
  const link = toLink(one.state().setup.experiment)
  await vi.waitFor(() => expect(two.elsewhere()).toMatchObject([{ link }]))
})

it('says so where the browser lets no tab take a run away, and the other tab keeps it', async () => {
  const open = browser()
  const locks = handLocks()
  const noSteal: Locks = {
    ...locks,
    request: (name, options, work) =>
      options.steal ? Promise.reject(new DOMException('no', 'NotSupportedError')) : locks.request(name, options, work),
  }
  const [one, two] = [await open(locks), await open(noSteal)]
  await one.actions.start()
  await vi.waitFor(() => expect(two.elsewhere()).toHaveLength(1))
  await two.actions.takeOver(two.elsewhere()[0]!)
  expect([one.phase(), two.phase(), two.elsewhere().length]).toEqual(['running', 'idle', 1])
  expect(two.state().run).toMatchObject({
    problem: null,
    notes: [expect.stringMatching(/did not let this tab take over.+ Close that tab, then continue here/)],
  })
})

it('says so where another run has begun while the first tab saved its own', async () => {
  const open = browser()
  let save = () => {}
  const saving = new Promise<void>((resolve) => {
    save = resolve
  })
  const [one, two] = [await open(undefined, saving), await open()]
  await one.actions.start()
  await vi.waitFor(() => expect(two.elsewhere()).toHaveLength(1))
  const taking = two.actions.takeOver(two.elsewhere()[0]!)
  two.actions.setSeed(5)
  await two.actions.start()
  save()
  await taking
  expect([one.phase(), two.phase(), two.opened]).toEqual(['idle', 'running', [false]])
  // A problem would offer to try this tab's own run again.
  expect(two.state().run).toMatchObject({
    problem: null,
    notes: [expect.stringMatching(/^A run has begun here, so the other tab's run was not taken over\./)],
  })
  expect(leftHere(two.state())).toHaveLength(1)
})

it('every tab goes without where there are no locks', async () => {
  const denied = () => Promise.reject(new DOMException('denied', 'SecurityError'))
  const { actions, phase, elsewhere } = await browser()({ request: denied, query: denied })
  await actions.start()
  await Promise.resolve()
  expect([phase(), elsewhere()]).toEqual(['running', []])
})
