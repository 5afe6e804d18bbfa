import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Recorded } from '../../../src/core/recorded'
import { isRecord } from '../../../src/core/isRecord'
import { isFull, type Vault } from './vault'

/**
 * The courses of kept runs' weights, by the ids of runs, in a database of their own: a run's result is worth more than
 * its course, so that these leave first where room runs out.
 */
export interface Records {
  /** @returns whether there was room; the oldest ones leave for it @param at milliseconds since 1970 */
  readonly put: (id: string, at: number, record: Recorded) => Promise<boolean>
  /** Null where there is none, or what is there is of another version. */
  readonly get: (id: string) => Promise<Recorded | null>
  /** Removes those that no run has and that are older than `before`: another tab may keep its run only now. */
  readonly sweep: (ids: ReadonlySet<string>, before: number) => Promise<void>
  /** Removes the oldest one. @returns whether there was one */
  readonly dropOldest: () => Promise<boolean>
}

interface Stored {
  readonly id: string
  readonly version: number
  readonly at: number
  readonly record: Recorded
}

interface Schema extends DBSchema {
  records: { key: string; value: Stored; indexes: { at: number } }
}

/** Version of the form of a record: those of other versions are not read. */
const version = 1

/** The browser's IndexedDB, opened at the first call. Every call may reject: no right, no such thing. */
export function openRecords(name = 'pruning-playground-records'): Records {
  let opened: Promise<IDBPDatabase<Schema>> | null = null
  const database = () =>
    (opened ??= openDB<Schema>(name, 1, {
      upgrade: (db) => void db.createObjectStore('records', { keyPath: 'id' }).createIndex('at', 'at'),
      terminated: () => {
        opened = null
      },
    }))
  const dropOldest = async () => {
    const db = await database()
    const oldest = (await db.getAllKeysFromIndex('records', 'at', null, 1))[0]
    if (oldest !== undefined) await db.delete('records', oldest)
    return oldest !== undefined
  }
  return {
    put: async (id, at, record) => {
      do {
        try {
          await (await database()).put('records', { id, version, at, record })
          return true
        } catch (error) {
          if (!isFull(error)) throw error
        }
      } while (await dropOldest())
      return false
    },
    get: async (id) => {
      const stored: unknown = await (await database()).get('records', id)
      return isRecord(stored) && stored.version === version ? (stored as unknown as Stored).record : null
    },
    sweep: async (ids, before) => {
      const db = await database()
      const old = await db.getAllKeysFromIndex('records', 'at', IDBKeyRange.upperBound(before))
      for (const id of old) if (!ids.has(id)) await db.delete('records', id)
    },
    dropOldest,
  }
}

/** A vault for which the courses of runs make room, the oldest first. */
export function roomier(vault: Vault, records: Records): Vault {
  return {
    ...vault,
    change: async (keys, next) => {
      for (;;) {
        try {
          await vault.change(keys, next)
          return
        } catch (error) {
          if (!isFull(error) || !(await records.dropOldest())) throw error
        }
      }
    },
  }
}
