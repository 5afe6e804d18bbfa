import { expect, test } from 'vitest'
import { weightsBudget } from '../../core/weightsBudget'
import { memoryFiles } from '../../data/testing'
import { keepWeights } from './keptWeights'

/** A sixteenth of the budget. */
const part = () => new ArrayBuffer(Math.floor(weightsBudget / 16))
const keysOf = async (store: ReturnType<typeof memoryFiles>) => (await store.list()).map(({ key }) => key)

test('the oldest weights leave for new ones, but never those of the spared runs', async () => {
  const store = memoryFiles()
  for (let i = 0; i < 16; i++) expect(await keepWeights(store, `run${i}`, part())).toBe(true)
  expect(await keysOf(store)).toHaveLength(16)
  expect(await keepWeights(store, 'next', part(), ['run0', 'run2'])).toBe(true)
  const keys = await keysOf(store)
  expect(keys).toHaveLength(16)
  expect(keys).toEqual(expect.arrayContaining(['run0', 'run2', 'next']))
  expect(keys).not.toContain('run1')
  // The same run again takes no more room.
  expect(await keepWeights(store, 'next', part())).toBe(true)
  expect(await keysOf(store)).toHaveLength(16)
})

test('where no room can be made, nothing leaves', async () => {
  const store = memoryFiles()
  for (let i = 0; i < 16; i++) await keepWeights(store, `run${i}`, part())
  const all = await keysOf(store)
  expect(await keepWeights(store, 'next', part(), all)).toBe(false)
  expect(await keepWeights(store, 'next', new ArrayBuffer(weightsBudget + 1))).toBe(false)
  expect(await keysOf(store)).toEqual(all)
})

test('a browser with less room than the budget keeps the youngest', async () => {
  const store = memoryFiles()
  const small = {
    ...store,
    put: async (key: string, bytes: ArrayBuffer) => (await store.list()).length < 3 && store.put(key, bytes),
  }
  for (const id of ['a', 'b', 'c', 'd']) expect(await keepWeights(small, id, new ArrayBuffer(8))).toBe(true)
  expect(await keysOf(store)).toEqual(['b', 'c', 'd'])
})
