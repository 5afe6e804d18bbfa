import type { App } from './store/app'
import { isUnderWay } from './store/queue'
import { isUnfinished } from './store/run'
import type { AppState } from './store/state'

/** The parts of a window that are needed, so that tests can replace it. */
export interface Exit {
  addEventListener(type: 'beforeunload', listener: (event: BeforeUnloadEvent) => void): void
  removeEventListener(type: 'beforeunload', listener: (event: BeforeUnloadEvent) => void): void
}

/**
 * Makes the browser ask before the page is left where that loses something: a run or a comparison that the next visit
 * cannot go on with. It listens only while there is one of these: a page that always listens is slower to come back to.
 */
export function guardLeaving({ store, isSafe }: App, page: Exit): void {
  let guarded = false
  const ask = (event: BeforeUnloadEvent) => {
    if (!isSafe()) event.preventDefault()
  }
  const mind = (state: AppState) => {
    const unfinished = isUnfinished(state.run.phase) || isUnderWay(state.comparing)
    if (unfinished === guarded) return
    guarded = unfinished
    if (unfinished) page.addEventListener('beforeunload', ask)
    else page.removeEventListener('beforeunload', ask)
  }
  store.subscribe(mind)
}
