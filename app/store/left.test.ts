import { expect, it, vi } from 'vitest'
import { toLink } from '../../src/config/link'
import { openPreset } from '../../src/config/presets'
import type { OpenOptions, Phase, TrainerEvent } from '../../src/core/trainer'
import type { Experiment } from '../../src/core/experiment'
import { handOpened, handResult } from '../testing/events'
import { handTrainer } from '../testing/handTrainer'
import { handShelf } from '../testing/shelf'
import { createApp } from './app'
import { noteLeft, readLeft } from './left'
import { isLeftOffered } from './state'

const experiment = openPreset('cifar10-nano')
const link = toLink(experiment)

/** A page on this shelf, with a trainer that opens at once, or ends each opening in the next of these phases. */
async function page(shelf: ReturnType<typeof handShelf>, free = Promise.resolve(), unopened: Phase[] = []) {
  const opened: [Experiment, OpenOptions][] = []
  const calls: string[] = []
  const app = createApp({
    connect: (receive: (event: TrainerEvent) => void) => ({
      ...handTrainer(),
      open: (wanted, options) => {
        opened.push([wanted, options])
        const phase = unopened.shift()
        if (phase) {
          receive({ type: 'phase', phase, text: '' })
          return Promise.resolve()
        }
        receive({ type: 'opened', opened: handOpened(wanted) })
        receive({ type: 'phase', phase: 'ready', text: 'Ready' })
        return Promise.resolve()
      },
      discardLeft: () => {
        calls.push('discard')
        return Promise.resolve()
      },
      start: () => {
        calls.push('start')
        receive({ type: 'phase', phase: 'running', text: 'Training' })
        return Promise.resolve()
      },
    }),
    shelf,
    free: () => free,
    now: () => 1000,
    random: () => 0,
    search: '',
  })
  await Promise.resolve()
  const offered = () => isLeftOffered(app.store.getState())
  return { ...app, opened, calls, offered, left: () => app.store.getState().left }
}

it('notes what was saved, and forgets it when that run ends, not when another one does', async () => {
  const shelf = handShelf()
  const { actions, left } = await page(shelf)
  await actions.start()
  expect(readLeft(shelf)).toBeNull()
  actions.receive({ type: 'saved', link, step: 740 })
  expect(readLeft(shelf)).toEqual({ experiment, link, step: 740, at: 1000 })
  expect(left()).toBeNull()
  actions.receive({ type: 'finished', result: handResult(openPreset('shapes-quick'), 0.9, 0.9, 0.8) })
  actions.receive({ type: 'unsaved', link: toLink(openPreset('shapes-quick')) })
  expect(readLeft(shelf)?.step).toBe(740)
  actions.receive({ type: 'unsaved', link })
  expect(readLeft(shelf)).toBeNull()
})

it('is offered on the next visit, and goes on as it was asked for', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { link, step: 740, at: 5 })
  const { actions, store, left, offered, opened, calls } = await page(shelf)
  expect([left(), offered()]).toEqual([{ experiment, link, step: 740, at: 5 }, true])
  await actions.continueLeft()
  expect(opened).toMatchObject([[experiment, { resume: true }]])
  expect([calls, offered()]).toEqual([['start'], false])
  expect(store.getState().setup.experiment).toEqual(experiment)
  actions.receive({ type: 'unsaved', link })
  expect(left()).toBeNull()
})

it('is offered again where it could not be opened, and tried again from where it was saved', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { link, step: 740, at: 5 })
  const { actions, offered, opened, calls } = await page(shelf, undefined, ['idle', 'failed'])
  await actions.continueLeft()
  expect(offered()).toBe(true)
  await actions.continueLeft()
  expect([offered(), calls]).toEqual([true, []])
  await actions.retry()
  expect(opened.map(([, { resume }]) => resume)).toEqual([true, true, true])
  expect([offered(), calls]).toEqual([false, ['start']])
})

it('goes on when a run that was saved is tried again, and begins anew when it was not, or is reset', async () => {
  const { actions, opened } = await page(handShelf())
  const fail = () => actions.receive({ type: 'phase', phase: 'failed', text: '' })
  actions.openLink(link)
  await actions.start()
  fail()
  await actions.retry()
  actions.receive({ type: 'saved', link, step: 740 })
  fail()
  await actions.retry()
  await actions.reset()
  fail()
  await actions.retry()
  expect(opened.map(([, { resume }]) => resume)).toEqual([undefined, undefined, true, undefined])
})

it('is found under the key of the first versions, which is removed with it', () => {
  const shelf = handShelf(new Map([['left-run', JSON.stringify({ link, step: 740, at: 5 })]]))
  expect(readLeft(shelf)).toEqual({ experiment, link, step: 740, at: 5 })
  noteLeft(shelf, { link, step: 900, at: 6 })
  expect(readLeft(shelf)?.step).toBe(900)
  noteLeft(shelf, null)
  expect([readLeft(shelf), shelf.kept.size]).toEqual([null, 0])
})

it('can be discarded', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { link, step: 740, at: 5 })
  const { actions, left, calls } = await page(shelf)
  actions.discardLeft()
  expect([left(), readLeft(shelf), calls]).toEqual([null, null, ['discard']])
})

it('is offered once no other page trains, as far as it is left then', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { link, step: 740, at: 5 })
  let end = () => {}
  const free = new Promise<void>((resolve) => {
    end = resolve
  })
  const { left } = await page(shelf, free)
  expect(left()).toBeNull()
  noteLeft(shelf, { link, step: 900, at: 6 })
  end()
  await vi.waitFor(() => expect(left()?.step).toBe(900))
})

it.each(['', '{', '[]', 'null', '{"link":"x"}', '{"link":"nonsense","step":1,"at":1}', '{"link":1,"step":1,"at":1}'])(
  'is nothing where its note is %j',
  (text) => {
    const shelf = handShelf()
    shelf.setItem('pruning-playground/left-run', text)
    expect(readLeft(shelf)).toBeNull()
  },
)
