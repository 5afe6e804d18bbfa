import type { Locks } from '../training'

interface Lock {
  readonly mode: LockMode
  /** Ends the holder's request because another one took the lock. */
  readonly steal: () => void
}

/** Locks as browsers have them, shared by all who hold this object; requests that wait are granted one by one. */
export function handLocks(): Locks {
  const held = new Map<string, Lock>()
  const waiting = new Map<string, (() => void)[]>()
  const free = (name: string, lock: Lock) => {
    if (held.get(name) !== lock) return
    held.delete(name)
    waiting.get(name)?.shift()?.()
  }
  const grant = (name: string, mode: LockMode, work: () => Promise<void> | void) =>
    new Promise<void>((resolve, reject) => {
      const lock = { mode, steal: () => reject(new DOMException('It was stolen.', 'AbortError')) }
      held.set(name, lock)
      void Promise.resolve(work()).then(() => {
        free(name, lock)
        resolve()
      }, reject)
    })
  return {
    request: async (name, { mode = 'exclusive', steal = false, signal }, work) => {
      if (steal) {
        held.get(name)?.steal()
        held.delete(name)
      }
      while (held.has(name))
        await new Promise<void>((resolve, reject) => {
          waiting.set(name, [...(waiting.get(name) ?? []), resolve])
          signal?.addEventListener('abort', () => reject(new DOMException('Too late.', 'TimeoutError')))
        })
      await grant(name, mode, work)
    },
    query: () => Promise.resolve({ held: [...held].map(([name, { mode }]) => ({ name, mode })) }),
  }
}
