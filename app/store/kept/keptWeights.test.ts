import { expect, test, vi } from 'vitest'
import { startingFrom } from '../../../src/config/firstRun'
import type { StoredFile } from '../../../src/core/host'
import { handRun } from '../../testing/handRun'
import { handTrainer } from '../../testing/handTrainer'
import { freshVault } from '../../testing/vaults'
import { createApp } from '../app'
import { idOf } from '../state'
import { entryOf } from './entry'

const day = 24 * 3600 * 1000

test('weights that belong to no kept run leave after a day, but not those that a kept run started from', async () => {
  const [kept, other, first] = [handRun(1), handRun(2), handRun(3)]
  const experiment = startingFrom(first.experiment)
  if (typeof experiment === 'string') throw new Error(experiment)
  const tuned = { ...handRun(4), experiment, runId: idOf(experiment) }
  const vault = freshVault()
  for (const run of [kept, tuned]) {
    const entry = entryOf(run)
    await vault.change([entry.key], () => entry)
  }
  const firstId = idOf(first.experiment)
  const files = new Map<string, StoredFile>(
    [kept.runId, tuned.runId, other.runId, firstId, 'young'].map((key) => [
      key,
      { key, bytes: 8, at: key === 'young' ? 2 * day : 0 },
    ]),
  )
  const weights = {
    list: () => Promise.resolve([...files.values()]),
    remove: (key: string) => Promise.resolve(void files.delete(key)),
  }
  const open = () => Promise.resolve(weights)
  const now = () => 2 * day + 5
  const { store } = createApp({
    connect: handTrainer,
    shelf: null,
    vault,
    weights: open,
    now,
    random: () => 0,
    search: '',
  })
  await vi.waitFor(() => expect(files.has(other.runId)).toBe(false))
  await vi.waitFor(() => expect(store.getState().weights).toHaveLength(4))
  expect([...files.keys()].sort()).toEqual([kept.runId, tuned.runId, firstId, 'young'].sort())
})
