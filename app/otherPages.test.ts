import { expect, test } from 'vitest'
import { runId } from '../src/config/identity'
import { defaultExperiment } from '../src/config/defaults'
import { followOtherPages } from './otherPages'
import { createApp } from './store/app'
import { runsKey } from './store/runs'
import { handResult } from './testing/events'
import { handTrainer } from './testing/handTrainer'

/** Tabs over one storage; each hears of what another one writes when `tell` is called, as browsers do it: later. */
function browser() {
  const kept = new Map<string, string>()
  const shelf = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  const open = () => {
    const app = createApp({ connect: handTrainer, shelf, now: () => 5, random: () => 0, search: '' })
    let tell: (event: { key: string | null }) => void = () => undefined
    followOtherPages(app, {
      addEventListener: (_, listener) => {
        tell = listener
      },
    })
    return {
      app,
      tell: (key: string | null) => tell({ key }),
      seeds: () => app.store.getState().runs.map((run) => run.experiment.seed),
      finish: (seed: number) =>
        app.actions.receive({ type: 'finished', result: handResult({ ...defaultExperiment, seed }, 0.5, 0.3, 0.4) }),
    }
  }
  return { open, kept }
}

test("two tabs keep each other's runs, and show them when they hear of them", () => {
  const { open } = browser()
  const [a, b] = [open(), open()]
  a.finish(1)
  b.finish(2)
  expect(b.seeds()).toEqual([1, 2])
  expect(a.seeds()).toEqual([1])
  a.tell('something else')
  expect(a.seeds()).toEqual([1])
  a.tell(runsKey)
  expect(a.seeds()).toEqual([1, 2])
  expect(open().seeds()).toEqual([1, 2])
})

test('what one tab deletes does not come back from another', () => {
  const { open, kept } = browser()
  const [a, b] = [open(), open()]
  a.finish(1)
  b.finish(2)
  b.app.actions.removeRuns([runId({ ...defaultExperiment, seed: 1 })])
  a.finish(3)
  expect(a.seeds()).toEqual([2, 3])
  expect(open().seeds()).toEqual([2, 3])
  kept.clear()
  b.tell(null)
  expect(b.seeds()).toEqual([])
})
