import type { App } from './store/app'
import { isUnfinished } from './store/run'

/** Shared by the tabs that have an unfinished run. */
const lock = 'pruning-playground/training'

/** The part of `navigator.locks` that is needed. */
export interface Locks {
  request(name: string, options: { readonly mode: LockMode }, work: () => Promise<void> | void): Promise<unknown>
}

/** Tells other tabs, by a lock, that a run is under way here; the browser lets go of it when this one is closed. */
export function tellWhileTraining({ store }: App, locks: Locks): void {
  let end: (() => void) | null = null
  store.subscribe(({ run: { phase } }) => {
    if (isUnfinished(phase) === (end !== null)) return
    if (end) {
      end()
      end = null
      return
    }
    const trained = new Promise<void>((resolve) => {
      end = resolve
    })
    // A frame that may have no locks goes without.
    locks.request(lock, { mode: 'shared' }, () => trained).catch(() => undefined)
  })
}

/** Resolves once no tab has an unfinished run, at once where that cannot be known. */
export async function untilNobodyTrains(locks: Locks): Promise<void> {
  await locks.request(lock, { mode: 'exclusive' }, () => undefined).catch(() => undefined)
}
