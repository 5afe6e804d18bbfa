import { linkIn, withoutLink } from '../src/config/addressLink'
import { toLink } from '../src/config/link'
import type { App } from './store/app'
import { initialSetup } from './store/setup'
import { pageLink } from './store/state'

/** The parts of a window that are needed, so that tests can replace it. */
export interface AddressBar {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string }
  readonly history: {
    readonly state: unknown
    pushState(data: unknown, unused: string, url: string): void
    replaceState(data: unknown, unused: string, url: string): void
  }
  /** Milliseconds since the page was opened. */
  readonly performance: { now(): number }
  addEventListener(
    type: 'popstate' | 'hashchange' | 'pointerdown' | 'pointerup' | 'pointercancel',
    listener: () => void,
  ): void
}

/** Changes that follow each other within this are one: typing, or an arrow key held down. */
const burstMs = 1000

/**
 * Opens the experiment of the address, then keeps the two the same: the address always holds the link of the set-up,
 * its comparison and its role, and each change of it is an entry of the browser's history, so that Back is undo. A link
 * that is pasted into the bar, or gone back to, opens its experiment, and shows the kept run that was shown with it; a
 * run under way goes on.
 */
export function followAddress({ store, actions }: App, bar: AddressBar): void {
  const { location, history } = bar
  let opening = false
  const open = () => {
    opening = true
    actions.openLink(linkIn(location, toLink(initialSetup.experiment)), pickedOf(history.state))
    opening = false
    write('replaceState')
  }
  const write = (way: 'pushState' | 'replaceState') => {
    const state = store.getState()
    const link = pageLink(state)
    if (link === location.hash && pickedOf(history.state) === state.picked) return
    history[link === location.hash ? 'replaceState' : way](
      { picked: state.picked },
      '',
      `${withoutLink(location)}${link}`,
    )
  }
  const isNext = bursts(bar)
  open()
  // Tab and lesson stand in the query, beside what else is no part of an experiment. Back undoes neither.
  store.subscribe(({ ui: { tab, lesson } }, before) => {
    if ((tab === before.ui.tab || tab === null) && lesson === before.ui.lesson) return
    const query = new URLSearchParams(location.search)
    if (tab !== null) query.set('tab', tab)
    if (lesson === null) query.delete('lesson')
    else query.set('lesson', lesson)
    history.replaceState(history.state, '', `${location.pathname}?${query.toString()}${location.hash}`)
  })
  store.subscribe((state, before) => {
    const changed =
      state.setup.experiment !== before.setup.experiment
      || state.comparing.recipe !== before.comparing.recipe
      || state.role !== before.role
    if (opening || (!changed && state.picked === before.picked)) return
    write(changed && isNext() ? 'pushState' : 'replaceState')
  })
  const moved = () => {
    if (location.hash !== pageLink(store.getState()) || pickedOf(history.state) !== store.getState().picked) open()
  }
  bar.addEventListener('popstate', moved)
  bar.addEventListener('hashchange', moved)
}

/**
 * Tells whether a change begins an entry of its own: one drag of a slider is one, however long it takes, and so is a
 * burst.
 */
function bursts(bar: AddressBar): () => boolean {
  let last = -Infinity
  let held = false
  let touched = false
  bar.addEventListener('pointerdown', () => {
    held = touched = true
  })
  const release = () => {
    held = false
  }
  bar.addEventListener('pointerup', release)
  bar.addEventListener('pointercancel', release)
  return () => {
    const now = bar.performance.now()
    const next = touched || (!held && now - last > burstMs)
    last = now
    touched = false
    return next
  }
}

/** The kept run that an entry of the history shows. */
function pickedOf(state: unknown): string | null {
  return typeof state === 'object' && state !== null && 'picked' in state && typeof state.picked === 'string'
    ? state.picked
    : null
}
