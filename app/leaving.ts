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
 * Makes the browser ask before the page is left while a run or a comparison is unfinished. It listens only then: a page
 * that always listens is slower to come back to.
 */
export function guardLeaving({ store }: App, page: Exit): void {
  let guarded = false
  const mind = (state: AppState) => {
    const loses = isUnfinished(state.run.phase) || isUnderWay(state.comparing)
    if (loses === guarded) return
    guarded = loses
    if (loses) page.addEventListener('beforeunload', ask)
    else page.removeEventListener('beforeunload', ask)
  }
  store.subscribe(mind)
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
