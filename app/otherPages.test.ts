import { expect, test } from 'vitest'
import { defaultExperiment } from '../src/config/defaults'
import { runId } from '../src/config/identity'
import { followOtherPages } from './otherPages'
import { createApp } from './store/app'
import { runsKey } from './store/kept/oldRuns'
import { handResult } from './testing/events'
import { handRun } from './testing/handRun'
import { handTrainer } from './testing/handTrainer'
import { handShelf } from './testing/shelf'
import { freshVault } from './testing/vaults'

type Kind = 'storage' | 'pageshow' | 'message'

/** Tabs over one storage. Each hears of what another one stores, as browsers do it: all but the one that stored it. */
function browser() {
  const vault = freshVault()
  const shelf = handShelf()
  let clock = 0
  const tabs: { app: ReturnType<typeof createApp>; hear: (kind: Kind, event: object) => void }[] = []
  const open = () => {
    const listeners = new Map<Kind, (event: never) => void>()
    const listened = {
      addEventListener: (kind: Kind, listener: (event: never) => void) => listeners.set(kind, listener),
    }
    const tell = (keys: readonly string[]) => {
      for (const tab of tabs) if (tab.app !== app) tab.hear('message', { data: keys })
    }
    const now = () => (clock += 1)
    const app = createApp({ connect: handTrainer, shelf, vault, tell, now, random: () => 0, search: '' })
    followOtherPages(app, listened, listened)
    const hear = (kind: Kind, event: object) => listeners.get(kind)?.(event as never)
    tabs.push({ app, hear })
    return {
      app,
      hear,
      seeds: () => app.store.getState().runs.map((run) => run.experiment.seed),
      finish: (seed: number) =>
        app.actions.receive({ type: 'finished', result: handResult({ ...defaultExperiment, seed }, 0.5, 0.3, 0.4) }),
    }
  }
  /** All that was asked for is stored, and all have heard of it. */
  const settled = async () => {
    for (let i = 0; i < 3; i++) await Promise.all(tabs.map(({ app }) => app.settled()))
  }
  return { open, settled, shelf, vault }
}

test("two tabs keep each other's runs, and show them when they hear of them", async () => {
  const { open, settled } = browser()
  const [a, b] = [open(), open()]
  a.finish(1)
  b.finish(2)
  expect([a.seeds(), b.seeds()]).toEqual([[1], [2]])
  await settled()
  expect([a.seeds(), b.seeds()]).toEqual([
    [1, 2],
    [1, 2],
  ])
  a.hear('message', { data: 'of another version' })
  await settled()
  expect(a.seeds()).toEqual([1, 2])
})

test('what one tab deletes does not come back from another', async () => {
  const { open, settled } = browser()
  const [a, b] = [open(), open()]
  a.finish(1)
  b.finish(2)
  await settled()
  b.app.actions.removeRuns([runId({ ...defaultExperiment, seed: 1 })])
  a.finish(3)
  await settled()
  const c = open()
  await settled()
  expect([a.seeds(), b.seeds(), c.seeds()]).toEqual([
    [2, 3],
    [2, 3],
    [2, 3],
  ])
})

test('what a tab of an older version keeps is taken over at once', async () => {
  const { open, settled, shelf, vault } = browser()
  const a = open()
  await settled()
  shelf.setItem(runsKey, JSON.stringify([handRun(4)]))
  a.hear('storage', { key: 'something else', newValue: 'x' })
  a.hear('storage', { key: runsKey, newValue: null })
  await settled()
  expect(a.seeds()).toEqual([])
  a.hear('storage', { key: runsKey, newValue: 'x' })
  await settled()
  expect([a.seeds(), (await vault.all()).length, shelf.kept.size]).toEqual([[4], 1, 0])
})

test('a page that Back brings to life again reads what was stored meanwhile', async () => {
  const { open, settled, vault } = browser()
  const a = open()
  a.finish(1)
  await settled()
  await vault.change(
    (await vault.all()).map(({ key }) => key),
    () => null,
  )
  a.hear('pageshow', { persisted: false })
  await settled()
  expect(a.seeds()).toEqual([1])
  a.hear('pageshow', { persisted: true })
  await settled()
  expect(a.seeds()).toEqual([])
})
