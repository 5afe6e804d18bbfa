import type { App } from './store/app'

/** The parts of a document that are needed, so that a test can stand in. */
export interface Page {
  readonly visibilityState: DocumentVisibilityState
  addEventListener(type: 'visibilitychange', listener: () => void): void
}

/**
 * Tells the engine whether the page is seen, so that it draws for nobody. Where the reader wants it, a run waits while the
 * page is hidden and goes on afterwards; a run that the reader paused stays paused.
 */
export function followVisibility({ store, actions }: App, page: Page): void {
  let held = false
  const hidden = () => page.visibilityState === 'hidden'
  const mind = () => {
    const { run: { phase }, ui } = store.getState()
    const moving = phase === 'running' || phase === 'scoring'
    if (moving && hidden() && ui.pauseHidden && !held) {
      held = true
      void actions.pause()
    } else if (phase === 'paused' && held && !hidden()) {
      held = false
      void actions.proceed()
    } else if (!moving && phase !== 'paused') held = false
  }
  page.addEventListener('visibilitychange', () => {
    void actions.setHidden(hidden())
    mind()
  })
  // A run may begin, or its pause may end, while the page is hidden or no longer so.
  store.subscribe(({ run }, before) => { if (run.phase !== before.run.phase) mind() })
}
