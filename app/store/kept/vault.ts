import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Entry } from './entry'

/** Where entries are stored between visits; tabs share it. Every call may reject: no room, no right, no such thing. */
export interface Vault {
  readonly all: () => Promise<readonly Entry[]>
  /** Those of the keys that are there. */
  readonly read: (keys: readonly string[]) => Promise<readonly Entry[]>
  /**
   * Changes entries in one transaction: all of them or, where it rejects, none.
   * @param next what is to be stored in place of what is there; null for nothing
   */
  readonly change: (keys: readonly string[], next: (key: string, there: Entry | null) => Entry | null) => Promise<void>
}

interface Schema extends DBSchema {
  runs: { key: string; value: Entry }
}

/** The browser's IndexedDB, opened at the first call, and again where the browser closed it. */
export function openVault(name = 'pruning-playground'): Vault {
  let opened: Promise<IDBPDatabase<Schema>> | null = null
  const forget = () => {
    opened = null
  }
  const database = async () => {
    opened ??= openDB<Schema>(name, 1, {
      upgrade: (db) => void db.createObjectStore('runs', { keyPath: 'key' }),
      // A newer version of the page, in another tab, waits for this one to let go.
      blocking: (_, __, event) => {
        ;(event.target as IDBDatabase).close()
        forget()
      },
      terminated: forget,
    })
    try {
      return await opened
    } catch (error) {
      forget()
      throw error
    }
  }
  return {
    all: async () => (await database()).getAll('runs'),
    read: async (keys) => {
      const { store } = (await database()).transaction('runs')
      const found = await Promise.all(keys.map((key) => store.get(key)))
      return found.filter((entry) => entry !== undefined)
    },
    change: async (keys, next) => {
      const transaction = (await database()).transaction('runs', 'readwrite', { durability: 'strict' })
      const { store } = transaction
      const change = async (key: string) => {
        const there = (await store.get(key)) ?? null
        const entry = next(key, there)
        if (entry === there) return
        await (entry === null ? store.delete(key) : store.put(entry))
      }
      const changes = keys.map((key) =>
        change(key).catch((error: unknown) => {
          abort(transaction)
          throw error
        }),
      )
      const ended = await Promise.allSettled([transaction.done, ...changes])
      const faults = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
      // Of an aborted transaction, most say no more than that it was.
      if (faults.length > 0) throw faults.find((fault) => !isAbort(fault)) ?? faults[0]
    },
  }
}

/** Whether a call failed for want of room. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError'
}

/** Nothing of the transaction is stored; it may be over already. */
function abort(transaction: { readonly abort: () => void }): void {
  try {
    transaction.abort()
  } catch {
    // It has ended by itself.
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
