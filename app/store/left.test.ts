import { expect, it, vi } from 'vitest'
import { toLink } from '../../src/config/link'
import { openPreset } from '../../src/config/presets'
import type { OpenOptions, TrainerEvent } from '../../src/core/trainer'
import type { Experiment } from '../../src/core/experiment'
import { handOpened, handResult } from '../testing/events'
import { handTrainer } from '../testing/handTrainer'
import { handShelf } from '../testing/shelf'
import { createApp } from './app'
import { noteLeft, readLeft } from './left'

const experiment = openPreset('cifar10-nano')
const link = toLink(experiment)

/** A page on this shelf, with a trainer that opens at once. */
async function page(shelf: ReturnType<typeof handShelf>, free = Promise.resolve()) {
  const opened: [Experiment, OpenOptions][] = []
  const calls: string[] = []
  const app = createApp({
    connect: (receive: (event: TrainerEvent) => void) => ({
      ...handTrainer(),
      open: (wanted, options) => {
        opened.push([wanted, options])
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
  return { ...app, opened, calls, left: () => app.store.getState().left }
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
  const { actions, store, left, opened, calls } = await page(shelf)
  expect(left()).toEqual({ experiment, link, step: 740, at: 5 })
  await actions.continueLeft()
  expect(opened).toMatchObject([[experiment, { resume: true }]])
  expect([calls, left()]).toEqual([['start'], null])
  expect(store.getState().setup.experiment).toEqual(experiment)
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
    shelf.setItem('left-run', text)
    expect(readLeft(shelf)).toBeNull()
  },
)
