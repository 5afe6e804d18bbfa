import type { App } from './store/app'
import { runsKey } from './store/runs'

/** The part of a window that is needed, so that tests can replace it. */
export interface Neighbour {
  addEventListener(type: 'storage', listener: (event: { readonly key: string | null }) => void): void
}

/** Shows runs that the same page in another tab keeps or deletes; the key is null where all storage was cleared. */
export function followOtherPages({ actions }: App, page: Neighbour): void {
  page.addEventListener('storage', ({ key }) => {
    if (key === runsKey || key === null) actions.reloadRuns()
  })
}
