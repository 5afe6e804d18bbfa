import type { ListedStore, StoredFile } from '../core/host'

interface Kept {
  readonly content: ArrayBuffer
}

/**
 * Files in IndexedDB, where the browser has no files of the page's origin. Sizes lie beside the contents, so that a
 * list reads none of them.
 */
export function databaseFiles(name: string): ListedStore {
  const opened = () => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      for (const store of ['contents', 'files']) request.result.createObjectStore(store, { keyPath: 'key' })
    }
    return answer(request)
  }
  /** One transaction on both; it is over when its last request is. */
  const inOne = async <T>(mode: IDBTransactionMode, work: (files: IDBObjectStore, contents: IDBObjectStore) => T) => {
    const database = await opened()
    try {
      const transaction = database.transaction(['files', 'contents'], mode)
      const done = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error ?? new Error('The browser stored nothing.'))
      })
      const asked = work(transaction.objectStore('files'), transaction.objectStore('contents'))
      await done
      return asked
    } finally {
      database.close()
    }
  }
  const remove = (key: string) =>
    inOne('readwrite', (files, contents) => {
      files.delete(key)
      contents.delete(key)
    })
  return {
    get: (key) =>
      inOne('readonly', (_, contents) => contents.get(key) as IDBRequest<Kept | undefined>)
        .then(({ result }) => result?.content ?? null)
        .catch(() => null),
    put: (key, content) =>
      inOne('readwrite', (files, contents) => {
        files.put({ key, bytes: content.byteLength, at: Date.now() } satisfies StoredFile)
        contents.put({ key, content })
      })
        .then(() => true)
        .catch(() => false),
    remove: (key) => remove(key).catch(() => undefined),
    list: () =>
      inOne('readonly', (files) => files.getAll() as IDBRequest<StoredFile[]>)
        .then(({ result }) => result)
        .catch(() => []),
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The browser has no database.'))
  })
}
