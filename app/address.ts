import { linkIn, withoutLink } from '../src/config/addressLink'
import { toLink } from '../src/config/link'
import type { App } from './store/app'
import type { AppState } from './store/state'

/** The parts of a window that are needed, so that a test can stand in. */
export interface AddressBar {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string }
  readonly history: { replaceState(data: unknown, unused: string, url: string): void }
  addEventListener(type: 'hashchange', listener: () => void): void
}

/**
 * Opens the experiment of the address, then keeps the two the same: the address always holds the link of the set-up and its comparison, and a
 * link that is pasted into the bar, or gone back to, opens its experiment.
 */
export function followAddress({ store, actions }: App, bar: AddressBar): void {
  const linkOf = ({ setup, comparing }: AppState) => toLink(setup.experiment, comparing.recipe)
  const open = () => { if (bar.location.hash !== linkOf(store.getState())) actions.openLink(linkIn(bar.location)) }
  const write = () => {
    const link = linkOf(store.getState())
    if (link !== bar.location.hash) bar.history.replaceState(null, '', `${withoutLink(bar.location)}${link}`)
  }
  open()
  write()
  store.subscribe((state, before) => { if (state.setup.experiment !== before.setup.experiment || state.comparing.recipe !== before.comparing.recipe) write() })
  bar.addEventListener('hashchange', () => {
    open()
    write()
  })
}
