import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { handMatrices } from '../../testing/events'
import { freshRecords, freshVault, smallVault } from '../../testing/vaults'
import { handRun } from '../../testing/handRun'
import { entryOf } from './entry'
import { roomier } from './records'

const record = { matrices: handMatrices, frames: [] }

it('keeps the course of a run, and forgets what no run has', async () => {
  const records = freshRecords()
  for (const [id, at] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    expect(await records.put(id, at, record)).toBe(true)
  expect(await records.get('a')).toEqual(record)
  // "c" is younger: the run that it belongs to may be kept in a moment.
  await records.sweep(new Set(['a']), 2)
  expect([await records.get('a'), await records.get('b'), await records.get('c')]).toEqual([record, null, record])
  expect([await records.dropOldest(), await records.get('a')]).toEqual([true, null])
  expect([await records.dropOldest(), await records.dropOldest()]).toEqual([true, false])
})

it('courses make room for results', async () => {
  const records = freshRecords()
  await records.put('a', 1, record)
  await records.put('b', 2, record)
  const entry = entryOf(handRun(1))
  // The vault has room only once a course has left.
  const inner = freshVault()
  const full = smallVault(0, inner)
  const vault = roomier(
    { ...inner, change: async (keys, next) => ((await records.get('a')) ? full : inner).change(keys, next) },
    records,
  )
  await vault.change([entry.key], () => entry)
  expect(await inner.all()).toEqual([entry])
  expect([await records.get('a'), await records.get('b')]).toEqual([null, record])
  // Where none is left, the vault says so.
  await expect(roomier(full, freshRecords()).change(['x'], () => ({ ...entry, key: 'x' }))).rejects.toThrow('No room')
})
