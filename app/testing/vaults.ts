import 'fake-indexeddb/auto'
import { openRecords, type Records } from '../store/kept/records'
import { openVault, type Vault } from '../store/kept/vault'

let made = 0

/** An empty vault of its own, in an IndexedDB that is made of JavaScript. */
export function freshVault(): Vault {
  made += 1
  return openVault(`test-${made}`)
}

/** Courses of runs, none yet, beside it. */
export function freshRecords(): Records {
  made += 1
  return openRecords(`test-records-${made}`)
}

/** The vault with room for `limit` characters of entries; beyond that it refuses as browsers do. */
export function smallVault(limit: number, vault = freshVault()): Vault {
  const room = { left: limit }
  return {
    ...vault,
    change: async (keys, next) => {
      const before = size(await vault.read(keys))
      const planned = new Map(keys.map((key) => [key, 0]))
      const there = new Map((await vault.read(keys)).map((entry) => [entry.key, entry]))
      for (const key of keys) {
        const entry = next(key, there.get(key) ?? null)
        planned.set(key, entry ? size([entry]) : 0)
      }
      const after = [...planned.values()].reduce((sum, n) => sum + n, 0)
      if (after > before && after - before > room.left) throw new DOMException('No room.', 'QuotaExceededError')
      room.left -= after - before
      await vault.change(keys, next)
    },
  }
}

/** A vault that answers nothing but an error, as in some private windows. */
export function refusingVault(message: string): Vault {
  const refuse = () => Promise.reject(new DOMException(message, 'InvalidStateError'))
  return { all: refuse, read: refuse, change: refuse }
}

function size(entries: readonly object[]): number {
  return entries.reduce((sum, entry) => sum + JSON.stringify(entry).length, 0)
}
