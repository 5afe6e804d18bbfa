import type { App } from './store/app'
import type { AppState } from './store/state'

/** The parts of a document that are needed, so that tests can replace it. */
export interface Page {
  readonly visibilityState: DocumentVisibilityState
  addEventListener(type: 'visibilitychange', listener: () => void): void
}

/**
 * Tells the engine whether the page can be seen, so that it does not draw a hidden page. Where the reader wants it, a
 * run waits while the page is hidden and goes on afterwards; a run that the reader paused stays paused. A comparison
 * waits as a whole.
 */
export function followVisibility({ store, actions }: App, page: Page): void {
  let held = false
  const hidden = () => page.visibilityState === 'hidden'
  const mind = () => {
    const state = store.getState()
    const {
      run: { phase },
      ui,
    } = state
    const moving = phase === 'running' || phase === 'scoring'
    if (moving && hidden() && ui.pauseHidden && !held) {
      held = true
      void actions.pause()
    } else if (waits(state) && held && !hidden()) {
      held = false
      void actions.proceed()
    } else if (!moving && !waits(state)) held = false
  }
  page.addEventListener('visibilitychange', () => {
    void actions.setHidden(hidden())
    mind()
  })
  // A run may begin, or its pause may end, while the page is hidden, or after that.
  store.subscribe(({ run }, before) => {
    if (run.phase !== before.run.phase) mind()
  })
}

/** A comparison that is paused during the last steps of a run waits without a run that does. */
function waits({ run, comparing }: AppState): boolean {
  return run.phase === 'paused' || comparing.queue?.state === 'paused'
}
