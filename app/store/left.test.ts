import { expect, it } from 'vitest'
import { openPreset } from '../../src/config/presets'
import type { OpenOptions, TrainerEvent } from '../../src/core/trainer'
import type { Experiment } from '../../src/core/experiment'
import { handOpened, handResult } from '../testing/events'
import { handTrainer } from '../testing/handTrainer'
import { handShelf } from '../testing/shelf'
import { createApp } from './app'
import { noteLeft, readLeft } from './left'

const experiment = openPreset('cifar10-nano')

/** A page on this shelf, with a trainer that opens at once. */
async function page(shelf: ReturnType<typeof handShelf>, busy = false) {
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
      start: () => {
        calls.push('start')
        receive({ type: 'phase', phase: 'running', text: 'Training' })
        return Promise.resolve()
      },
    }),
    shelf,
    busyElsewhere: () => Promise.resolve(busy),
    now: () => 1000,
    random: () => 0,
    search: '',
  })
  await Promise.resolve()
  return { ...app, opened, calls, left: () => app.store.getState().left }
}

it('notes what was saved, and forgets it when the run ends', async () => {
  const shelf = handShelf()
  const { actions, left } = await page(shelf)
  await actions.start()
  expect(readLeft(shelf)).toBeNull()
  actions.receive({ type: 'saved', step: 740 })
  expect(readLeft(shelf)).toEqual({ experiment: openPreset('shapes-quick'), step: 740, at: 1000 })
  expect(left()).toBeNull()
  actions.receive({ type: 'finished', result: handResult(openPreset('shapes-quick'), 0.9, 0.9, 0.8) })
  expect(readLeft(shelf)).toBeNull()
})

it('is offered on the next visit, and goes on as it was asked for', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { experiment, step: 740, at: 5 })
  const { actions, store, left, opened, calls } = await page(shelf)
  expect(left()).toEqual({ experiment, step: 740, at: 5 })
  await actions.continueLeft()
  expect(opened).toMatchObject([[experiment, { resume: true }]])
  expect([calls, left()]).toEqual([['start'], null])
  expect(store.getState().setup.experiment).toEqual(experiment)
})

it('can be discarded, is not offered while another page trains, and is nothing where its note is broken', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { experiment, step: 740, at: 5 })
  expect((await page(shelf, true)).left()).toBeNull()
  const { actions, left } = await page(shelf)
  actions.discardLeft()
  expect([left(), readLeft(shelf)]).toEqual([null, null])
  for (const text of [
    '',
    '{',
    '[]',
    'null',
    '{"link":"x"}',
    '{"link":"nonsense","step":1,"at":1}',
    '{"link":1,"step":1,"at":1}',
  ]) {
    shelf.setItem('left-run', text)
    expect(readLeft(shelf)?.step ?? null, text).toBe(text.includes('nonsense') ? 1 : null)
  }
})
