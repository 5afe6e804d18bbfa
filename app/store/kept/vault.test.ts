import { expect, test } from 'vitest'
import { handRun } from '../../testing/handRun'
import { freshVault } from '../../testing/vaults'
import { entryOf } from './entry'

const entries = [1, 2].map((seed) => entryOf(handRun(seed)))
const keys = entries.map(({ key }) => key)

test('a change of which one part throws changes nothing, and says why', async () => {
  const vault = freshVault()
  const next = (key: string) => {
    if (key === keys[1]) throw new Error('Not this one.')
    return entries[0] ?? null
  }
  await expect(vault.change(keys, next)).rejects.toThrow('Not this one.')
  expect(await vault.all()).toEqual([])
})

test('a change of which one part cannot be stored changes nothing, and says why', async () => {
  const vault = freshVault()
  const next = (key: string) => {
    const entry = entries.find((one) => one.key === key) ?? null
    return entry && key === keys[1] ? { ...entry, run: () => 'a function cannot be stored' } : entry
  }
  await expect(vault.change(keys, next)).rejects.toMatchObject({ name: 'DataCloneError' })
  expect(await vault.all()).toEqual([])
})
