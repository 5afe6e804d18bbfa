import type { Page } from '@playwright/test'

/** An entry of the page's IndexedDB, as it is stored. */
export interface StoredEntry {
  readonly key: string
  readonly id: string
  readonly version: number
  readonly run: unknown
}

/** Everything that the page has stored. */
export function storedEntries(page: Page): Promise<readonly StoredEntry[]> {
  return page.evaluate(inVault, { mode: 'readonly' as const, put: [] })
}

/** Stores entries beside those that are there, as another version of the page would; it is not told of them. */
export async function storeEntries(page: Page, put: readonly StoredEntry[]): Promise<void> {
  await page.evaluate(inVault, { mode: 'readwrite' as const, put })
}

interface Work {
  readonly mode: IDBTransactionMode
  readonly put: readonly StoredEntry[]
}

/** Runs in the page. */
function inVault({ mode, put }: Work): Promise<readonly StoredEntry[]> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('pruning-playground')
    opening.onerror = () => reject(new Error(opening.error?.message))
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('runs', mode)
      const store = transaction.objectStore('runs')
      for (const entry of put) store.put(entry)
      const all = store.getAll() as IDBRequest<StoredEntry[]>
      transaction.oncomplete = () => {
        opening.result.close()
        resolve(all.result)
      }
      transaction.onabort = () => reject(new Error(transaction.error?.message))
    }
  })
}
