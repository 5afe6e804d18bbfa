import { expect, test, vi } from 'vitest'
import type { Experiment } from '../../src/core/experiment'
import type { TrainerEvent } from '../../src/core/trainer'
import { createApp } from '../store/app'
import { handOpened, handResult } from '../testing/events'
import { handTrainer } from '../testing/handTrainer'
import { handShelf } from '../testing/shelf'
import { kioskOf, stalledMs } from './kiosk'

/** A stand with a clock by hand; `ends` says what becomes of each opening. */
function stand(ends: (n: number) => 'finished' | 'failed' | 'silent') {
  let clock = 0
  let receive: (event: TrainerEvent) => void = () => undefined
  const opened: Experiment[] = []
  const app = createApp({
    shelf: handShelf(),
    now: () => clock,
    random: () => 0.5,
    search: '',
    connect: (listener) => {
      receive = listener
      return {
        ...handTrainer(),
        open: (experiment) => {
          opened.push(experiment)
          if (ends(opened.length) === 'failed') {
            receive({ type: 'problem', problem: { what: 'The data are gone.', fix: 'Wait.' } })
            receive({ type: 'phase', phase: 'failed', text: 'Failed' })
            return Promise.resolve()
          }
          receive({ type: 'opened', opened: handOpened(experiment) })
          receive({ type: 'phase', phase: 'ready', text: 'Ready' })
          return Promise.resolve()
        },
        start: () => {
          const experiment = opened.at(-1)
          receive({ type: 'phase', phase: 'running', text: 'Training' })
          if (!experiment || ends(opened.length) === 'silent') return Promise.resolve()
          receive({ type: 'finished', result: handResult(experiment, 0.75, 0.3, 0.4) })
          receive({ type: 'phase', phase: 'finished', text: 'Finished' })
          return Promise.resolve()
        },
        stop: () => {
          receive({ type: 'phase', phase: 'stopped', text: 'Stopped' })
          return Promise.resolve()
        },
      }
    },
  })
  app.actions.openLink('#/v1?data=shapes&seed=7&method=snip&kiosk=toy_shapes-quick_phrases-quick&idle=30')
  const reload = vi.fn(() => Promise.resolve())
  const kiosk = kioskOf(app, { now: () => clock, reload })
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      clock += 1000
      kiosk.tick()
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    }
  }
  return { app, kiosk, opened, pass, reload }
}

const names = (opened: readonly Experiment[]) => opened.map(({ model }) => model.id)

test('goes through its presets with the method and seed of the link, over and over, whatever fails', async () => {
  const { app, opened, pass } = stand((n) => (n === 2 ? 'failed' : 'finished'))
  await pass(60)
  expect(names(opened).slice(0, 4)).toEqual(['mlp', 'vitTiny', 'miniBert', 'mlp'])
  for (const { seed, method } of opened) expect({ seed, method: method.id }).toEqual({ seed: 7, method: 'snip' })
  expect(app.store.getState().run.problem).toBeNull()
})

test('waits while somebody tries things, then begins at the first preset with its own settings', async () => {
  const { app, kiosk, opened, pass } = stand(() => 'finished')
  await pass(20)
  const before = opened.length
  app.actions.choose('method', 'random')
  app.actions.setUi({ tab: 'learn' })
  kiosk.touched()
  await pass(29)
  expect(opened).toHaveLength(before)
  await pass(2)
  expect(opened).toHaveLength(before + 1)
  expect(opened.at(-1)).toMatchObject({ method: { id: 'snip' }, model: { id: 'mlp' } })
  expect(app.store.getState().ui.tab).toBeNull()
})

test('an engine that says nothing any more is given up with its page', async () => {
  const { pass, reload } = stand(() => 'silent')
  await pass(stalledMs / 1000)
  expect(reload).not.toHaveBeenCalled()
  await pass(10)
  expect(reload).toHaveBeenCalledOnce()
})
